"""Whether the files of the deployment agree with each other and with the program: what is mounted, ports, names of
hosts, variables and paths. `files.py` calls it.
"""

import pathlib
import re
import tomllib
import urllib.parse


def port(address):
    """The port of an address such as `0.0.0.0:8080`."""
    return int(str(address).rsplit(":", 1)[-1])


def lies_in(path, folders):
    """Whether a path is one of these, or below one."""
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)


class Agreement:
    """`expect(holds, what)` notes what does not hold."""

    def __init__(self, root, program, expect):
        self.root, self.deploy, self.expect = root, root / "deploy", expect
        self.program = program.read_bytes()

    def variables(self, name, given, config=""):
        """Variables of aside's own that somebody sets are read: by the config, or by the program."""
        read = set(re.findall(r"\$\{(\w+)\}", config))
        for variable in given:
            is_read = variable in read or (variable.startswith("ASIDE_") and variable.encode() in self.program)
            self.expect(is_read, f"{name}: nobody reads `{variable}`")

    def compose(self, services):
        """docker-compose.yml beside the files that it mounts. `services`: as Docker Compose reads it."""
        mounts, is_whole = {}, True
        for name, service in services.items():
            for volume in service.get("volumes", []):
                mounts.setdefault(name, {})[volume["target"]] = volume.get("source")
                is_there = volume["type"] != "bind" or pathlib.Path(volume["source"]).exists()
                self.expect(is_there, f"{name}: {volume['source']} is mounted, and does not exist")
                is_whole &= is_there
        if not is_whole:
            return
        text = (self.deploy / "aside.toml").read_text()
        config = tomllib.loads(text)
        self.image(config, mounts["aside-1"])
        for name in ("aside-1", "aside-2"):
            self.variables(name, services[name]["environment"], text)
        self.hosts(services, config)
        self.watchers(services, mounts)

    def image(self, config, mounts):
        """The image looks for its config where it is mounted, and opens the port that it listens on."""
        image = (self.root / "Dockerfile").read_text()
        folder = re.search(r"^WORKDIR (/etc/\S+)", image, re.MULTILINE)[1]
        self.expect(f"{folder}/aside.toml" in mounts, f"nothing is mounted at {folder}/aside.toml, where aside looks")
        self.expect(config["rules"] in mounts, f"rules are read from {config['rules']}, where nothing is mounted")
        exposed = int(re.search(r"^EXPOSE (\d+)", image, re.MULTILINE)[1])
        self.expect(exposed == port(config["listen"]), f"the image opens {exposed}, and aside listens on {config['listen']}")

    def hosts(self, services, config):
        """Who asks whom is found under that name, and on that port."""
        listens = port(config["listen"])
        nginx = (self.deploy / "nginx" / "nginx.conf").read_text()
        behind = re.findall(r"^\s*server (\S+):(\d+)", nginx, re.MULTILINE)
        prometheus = (self.deploy / "prometheus" / "prometheus.yml").read_text()
        behind += re.findall(r'"([\w-]+):(\d+)"', prometheus)
        self.expect(len(behind) == 4, f"nginx and Prometheus ask {behind}")
        for host, number in behind:
            self.expect(host in services and int(number) == listens, f"nobody listens on {host}:{number}")
        listening = {int(number) for number in re.findall(r"^\s*listen (\d+)", nginx, re.MULTILINE)}
        published = {int(one["target"]) for one in services["nginx"]["ports"]}
        self.expect(published == listening, f"nginx listens on {listening}, and {published} are published")
        store = urllib.parse.urlsplit(config["context"]["store"])
        valkey = (self.deploy / "valkey" / "valkey.conf").read_text()
        opened = int(re.search(r"^port (\d+)", valkey, re.MULTILINE)[1])
        self.expect(store.hostname in services and store.port == opened, f"no store is at {store.netloc}")
        model = urllib.parse.urlsplit(services["aside-1"]["environment"]["UPSTREAM_URL"])
        for part in (services["model"]["command"], services["model"]["healthcheck"]["test"]):
            self.expect(model.hostname == "model" and port(part[-1]) == model.port, f"the model is not at {model.netloc}: {part}")

    def watchers(self, services, mounts):
        """Prometheus, Grafana, nginx and Valkey find their own files."""
        for name, paths in {
            "nginx": ["/etc/nginx/nginx.conf"],
            "valkey": services["valkey"]["command"][1:],
            "prometheus": re.findall(r"--(?:config\.file|storage\.tsdb\.path)=(\S+)", services["prometheus"]["command"][0]),
            "grafana": [services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]],
        }.items():
            for path in paths:
                self.expect(lies_in(path, mounts[name]), f"{name} reads {path}, where nothing is mounted")
        folder = self.deploy / "prometheus"
        text = (folder / "prometheus.yml").read_text()
        for file in re.search(r"^rule_files: \[(.*)\]", text, re.MULTILINE)[1].split(","):
            self.expect((folder / file.strip()).is_file(), f"deploy/prometheus/{file.strip()} does not exist")
        key = re.search(r"credentials_file: (\S+?)[ }]", text)[1]
        self.expect(f"> {key}" in services["prometheus"]["command"][0], f"nobody writes {key}, which Prometheus reads")
        grafana = self.deploy / "grafana"
        shown = re.search(r"path: (/\S+?)[ }]", (grafana / "provisioning/dashboards/aside.yml").read_text())[1]
        self.expect(shown in mounts["grafana"], f"Grafana looks for dashboards in {shown}, where nothing is mounted")
        home = services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        self.expect((grafana / "dashboards" / home.rsplit("/", 1)[1]).is_file(), f"the first page {home} does not exist")
        source = (grafana / "provisioning/datasources/aside.yml").read_text()
        asked = urllib.parse.urlsplit(re.search(r"url: (\S+)", source)[1])
        opened = {int(one["target"]) for one in services[asked.hostname]["ports"]}
        self.expect(asked.port in opened, f"Grafana asks {asked.netloc}, which has {opened}")
        uid = re.search(r"uid: (\S+)", source)[1]
        named = set(re.findall(r'"uid": "([\w-]*prometheus)"', (grafana / "dashboards/aside.json").read_text()))
        self.expect(named == {uid}, f"the dashboard names {named}, and Grafana knows {uid}")

    def cluster(self, name, by_name):
        """The objects of a cluster, by kind and name: manifests or a rendered chart."""
        pod = by_name["Deployment", "aside"]["spec"]["template"]["spec"]
        container = pod["containers"][0]
        text = by_name["ConfigMap", "aside-config"]["data"]["aside.toml"]
        config = tomllib.loads(text)
        ports = {one["name"]: one["containerPort"] for one in container["ports"]}
        self.expect(set(ports.values()) == {port(config["listen"])}, f"{name}: {ports} are open, and {config['listen']} listens")
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            asked = container[probe]["httpGet"]
            self.expect(asked["port"] in ports, f"{name}: {probe} asks a port that there is none of")
            self.expect(asked["path"].strip("/").encode() in self.program, f"{name}: {probe} asks {asked['path']}, which nobody answers")
        for one in by_name["Service", "aside"]["spec"]["ports"]:
            self.expect(one["targetPort"] in ports, f"{name}: the Service leads to no port")
        volumes = {one["name"]: one["configMap"]["name"] for one in pod["volumes"]}
        mounts = {one["mountPath"]: volumes.get(one["name"]) for one in container["volumeMounts"]}
        for path, held in mounts.items():
            self.expect(("ConfigMap", held) in by_name, f"{name}: nothing is there for {path}")
        given = {one["name"]: one.get("value", "") for one in container.get("env", []) if one["name"].startswith("ASIDE_")}
        self.variables(name, given, text)
        folder, _, file = given["ASIDE_CONFIG"].rpartition("/")
        held = by_name["ConfigMap", mounts.get(folder)]["data"] if folder in mounts else {}
        self.expect(file in held, f"{name}: ASIDE_CONFIG is {given['ASIDE_CONFIG']}, where nothing is mounted")
        rules = config.get("rules")
        self.expect(rules is None or rules in mounts, f"{name}: rules are read from {rules}, where nothing is mounted")
        self.store(name, by_name, config)

    def store(self, name, by_name, config):
        """The store of the cluster's own, where it has one."""
        store = urllib.parse.urlsplit(config.get("context", {}).get("store", ""))
        service = by_name.get(("Service", store.hostname))
        if service is not None:
            opened = {one["port"] for one in service["spec"]["ports"]}
            self.expect(store.port in opened, f"{name}: no store is at {store.netloc}")
        policy = by_name.get(("NetworkPolicy", "aside"))
        if policy is not None:
            let_in = {one["port"] for rule in policy["spec"]["ingress"] for one in rule.get("ports", [])}
            self.expect(port(config["listen"]) in let_in, f"{name}: only {let_in} are let in")
        keys = set(re.findall(r"\$\{(\w+)\}", str(config)))
        monitor = by_name.get(("ServiceMonitor", "aside"))
        for endpoint in monitor["spec"]["endpoints"] if monitor else []:
            key = endpoint["authorization"]["credentials"]["key"]
            self.expect(key in keys, f"{name}: /metrics is asked with {key}, which the config does not name")

    def unit(self):
        """The unit of systemd beside what docs/deployment.md says to install."""
        text = (self.deploy / "systemd" / "aside.service").read_text()
        told = (self.root / "docs" / "deployment.md").read_text()
        given = dict(re.findall(r"^Environment=(\w+)=(\S+)", text, re.MULTILINE))
        self.variables("systemd", given)
        program = re.search(r"^ExecStart=(\S+)", text, re.MULTILINE)[1]
        keys = re.search(r"^EnvironmentFile=(\S+)", text, re.MULTILINE)[1]
        for path in (given.get("ASIDE_CONFIG", "ASIDE_CONFIG"), keys, program):
            folder = path.rpartition("/")[0]
            self.expect(path in told or folder in told, f"docs/deployment.md does not say how {path} comes to be")
        self.expect((self.root / "Dockerfile").read_text().find(program) > 0, f"the image has no {program}")
