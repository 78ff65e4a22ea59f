"""Checks the files of the deployment; `files` beside this installs what it needs, and calls it.

What a tool that is not here would have checked is skipped, and told.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

from agree import Agreement

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
ASIDE, FOLDER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
# A version with a dot, and no name that moves.
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+[\w.-]*$")
# What systemd-analyze finds of the unit, from 0 (closed) to 10.0; more than this is a hole that was opened.
MOST_EXPOSED = 1.5
# The service that is over when it has looked, and needs neither health nor a restart.
ONCE = "settings"
# Kinds that are no part of Kubernetes, so that it has no schema of them.
FOREIGN = {"ServiceMonitor"}
wrong = []


def expect(holds, what):
    if not holds:
        wrong.append(what)


agreement = Agreement(ROOT, ASIDE, expect)


def run(*command, env=None):
    """Its exit code, and what it printed: where it failed, its errors as well."""
    done = subprocess.run([str(one) for one in command], text=True, capture_output=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def needs(tool):
    """Whether a tool is here."""
    if shutil.which(tool):
        return True
    print(f"skipped: {tool} can't be had here")
    return False


def compose():
    """docker-compose.yml as Docker Compose reads it."""
    if not needs("docker-compose"):
        return
    version = run("docker-compose", "version", "--short")[1].strip()
    if version.startswith("1."):
        print(f"skipped: Docker Compose {version} is too old for what it should read")
        return
    read = ("docker-compose", "--file", ROOT / "docker-compose.yml", "--env-file", "/dev/null")
    for profile in ((), ("--profile", "demo")):
        code, told = run(*read, *profile, "config", "--quiet")
        expect(code == 0, f"docker compose {' '.join(profile)} config: {told}")
    code, told = run(*read, "--profile", "demo", "config", "--format", "json")
    if code != 0:
        return
    services = json.loads(told)["services"]
    expect({"aside-1", "aside-2", "nginx", "valkey", "prometheus", "grafana", "model"} <= set(services), "a part is missing")
    for name, service in services.items():
        expect(PINNED.match(service["image"]), f"{name}: `{service['image']}` is not pinned by its version")
        expect(service.get("read_only"), f"{name}: its files can be written")
        expect("no-new-privileges:true" in service.get("security_opt", []), f"{name}: it may gain rights")
        expect(service.get("cap_drop") == ["ALL"], f"{name}: it has rights of root's")
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        expect({"cpus", "memory"} <= set(limits), f"{name}: it has no limits")
        if name != ONCE:
            expect("healthcheck" in service, f"{name}: nobody asks whether it is well")
            expect(service.get("restart") == "unless-stopped", f"{name}: it does not start again")
        for volume in service.get("volumes", []):
            if volume["type"] == "bind":
                expect(volume.get("read_only"), f"{name}: it may write {volume['source']}")
        for port in service.get("ports", []):
            expect(port.get("host_ip") == "127.0.0.1", f"{name}: {port['published']} is open to others by itself")
    agreement.compose(services)
    model = services["aside-1"]["environment"]
    asked = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "aside.toml").read_text()))
    expect(asked <= set(model), f"deploy/aside.toml reads what nobody sets: {asked - set(model)}")
    code, told = run(*read, "config", "--services")
    expect("model" not in told.split(), "the built-in model starts without its profile")
    real = {"UPSTREAM_URL": "https://llm.example.com/v1", "UPSTREAM_MODEL": "m", "UPSTREAM_KEY": "k-1"}
    code, told = run(*read, "config", "--format", "json", env=real)
    given = json.loads(told)["services"]["aside-2"]["environment"] if code == 0 else {}
    expect(all(given.get(name) == value for name, value in real.items()), f"a real model does not arrive: {given}")
    print(f"Docker Compose {version} takes docker-compose.yml, with the profile demo and without")


def settings():
    """What is said where settings are missing."""
    base = {"MODEL_HOST": "127.0.0.1", "MODEL_PORT": "9"}
    keys = {"ASIDE_KEY": "a", "ASIDE_CONTEXT_KEY": "b", "ASIDE_ADMIN_KEY": "c", "GRAFANA_PASSWORD": "d"}
    model = {"UPSTREAM_URL": "http://m/v1", "UPSTREAM_MODEL": "m", "UPSTREAM_KEY": "k"}
    for given, good, told in [
        ({}, False, "docker compose --profile demo up"),
        ({"BIND": "0.0.0.0"}, False, "unset BIND"),
        (model, False, "ASIDE_ADMIN_KEY: "),
        ({**model, **keys}, True, "UPSTREAM_URL"),
        ({**model, **keys, "UPSTREAM_MODEL": ""}, False, "UPSTREAM_MODEL: "),
    ]:
        code, said = run("sh", DEPLOY / "settings", env={**base, **given})
        expect((code == 0) == good and told in said, f"deploy/settings with {given}: {code}, {said}")
    print("what is missing in .env is told")


def manifests():
    """deploy/kubernetes and deploy/helm against the schemas of Kubernetes."""
    try:
        import kubernetes_validate
        import yaml
    except ImportError as error:
        print(f"skipped: Kubernetes' schemas ({error})")
        return
    version = kubernetes_validate.latest_version()

    def check(name, text):
        found = [one for one in yaml.safe_load_all(text) if one]
        for one in found:
            if one["kind"] in FOREIGN:
                continue
            try:
                kubernetes_validate.validate(one, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                wrong.append(f"{name}: {one['kind']}: {error.message}")
        return found

    plain = []
    for file in sorted((DEPLOY / "kubernetes").rglob("*.yaml")):
        plain += check(file.relative_to(ROOT), file.read_text())
    by_name = {(one["kind"], one["metadata"]["name"]): one for one in plain}
    held = by_name["ConfigMap", "aside-rules"]["data"]
    shipped = {file.name: file.read_text() for file in (ROOT / "rules").glob("*.toml")}
    expect(held == shipped, "deploy/kubernetes/rules.yaml has not the rules of rules/")
    configs("kubernetes", by_name["ConfigMap", "aside-config"]["data"]["aside.toml"])
    ends_whole("kubernetes", by_name["Deployment", "aside"], by_name["ConfigMap", "aside-config"])
    agreement.cluster("kubernetes", by_name)
    print(f"Kubernetes {version} takes {len(plain)} manifests")
    with unread_notices():
        helm(check, plain)


@contextlib.contextmanager
def unread_notices():
    """Helm's own code tells by the file descriptor of errors of each link that it follows."""
    errors = os.dup(2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        yield
    finally:
        os.dup2(errors, 2)


def helm(check, plain):
    """The chart, linted and rendered by Helm's own code."""
    try:
        import helm_python
        import yaml
    except (ImportError, OSError) as error:
        print(f"skipped: Helm ({error})")
        return
    path, secret = DEPLOY / "helm" / "aside", {"existingSecret": "aside-keys"}
    own = {"config": 'listen = "0.0.0.0:8080"\nopen = true\n[upstream.a]\nurl = "http://a/v1"\n'}
    cases = {
        "as it is": {},
        "all on": {"serviceMonitor": {"enabled": True}, "upstream": {"url": "https://m.example.com/v1", "model": "m"},
                   "extraConfig": '[limits]\nstreams = 100', "rules": {"10-a.toml": 'about = "A"\n[then.inject]\ntext = "x"\n'},
                   "podAnnotations": {"a": "b"}, "nodeSelector": {"disk": "ssd"}, "env": [{"name": "A", "value": "b"}],
                   "tolerations": [{"key": "a", "operator": "Exists"}], "imagePullSecrets": [{"name": "s"}],
                   "networkPolicy": {"egress": [{"to": [{"podSelector": {}}], "ports": [{"port": 8000}]}]}},
        "all off": {"autoscaling": {"enabled": False}, "networkPolicy": {"enabled": False}, "valkey": {"enabled": False},
                    "context": {"store": "redis://store:6379"}},
        "a config of one's own": own,
    }
    for name, values in cases.items():
        report = helm_python.lint(path, {**secret, **values}, strict=True)
        expect(not report["errors"], f"helm lint, {name}: {report['errors']}")
        chart = helm_python.Chart.load(path)
        rendered = chart.render({**secret, **values}, name="aside", namespace="voice")
        found = []
        for template, text in rendered.items():
            if template.endswith(".yaml"):
                found += check(f"helm, {name}, {template}", text)
        by_name = {(one["kind"], one["metadata"]["name"]): one for one in found}
        config = by_name["ConfigMap", "aside-config"]
        configs(f"helm, {name}", config["data"]["aside.toml"])
        ends_whole(f"helm, {name}", by_name["Deployment", "aside"], config)
        agreement.cluster(f"helm, {name}", by_name)
        if name == "all on":
            kinds = {(one["kind"], one["metadata"]["name"]) for one in plain}
            expect(kinds == set(by_name), f"chart and manifests differ: {kinds ^ set(by_name)}")
        if name == "as it is":
            plain_rules = [one for one in plain if one["metadata"]["name"] == "aside-rules"]
            expect(by_name["ConfigMap", "aside-rules"]["data"] == plain_rules[0]["data"], "the chart has other rules")
    for values, told in [({}, "existingSecret"), ({**secret, "valkey": {"enabled": False}}, "context.store")]:
        try:
            helm_python.Chart.load(path).render(values, name="aside")
            wrong.append(f"the chart renders without `{told}`")
        except helm_python.HelmError as error:
            expect(told in str(error), f"without `{told}` the chart says: {error}")
    print(f"Helm {helm_python.helm_sdk_version()} lints the chart, and renders it in {len(cases)} ways")


def configs(name, text):
    """aside takes a config, with rules that ship."""
    path = FOLDER / "aside.toml"
    path.write_text(text.replace("/etc/aside/rules", str(ROOT / "rules")))
    keys = {variable: f"{variable.lower()}-0123456789" for variable in re.findall(r"\$\{(\w+)\}", text)}
    keys.update(UPSTREAM_PRESET="custom", UPSTREAM_URL="http://127.0.0.1:9/v1")
    code, told = run(ASIDE, "check", "--config", path, ROOT / "rules", env=keys)
    expect(code == 0, f"{name}: aside check: {told}")


def ends_whole(name, deployment, config):
    """A pod may live longer than its streams."""
    drain = tomllib.loads(config["data"]["aside.toml"]).get("drain", "120s")
    pod = deployment["spec"]["template"]["spec"]
    waits = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    expect(pod["terminationGracePeriodSeconds"] > waits + int(drain.rstrip("s")), f"{name}: streams are cut")
    expect(PINNED.match(pod["containers"][0]["image"]), f"{name}: its image is not pinned")


def unit():
    """deploy/systemd/aside.service as systemd reads it."""
    if not needs("systemd-analyze"):
        return
    path = FOLDER / "aside.service"
    path.write_text((DEPLOY / "systemd" / "aside.service").read_text().replace("/usr/local/bin/aside", str(ASIDE)))
    code, told = run("systemd-analyze", "verify", "--man=no", path)
    expect(code == 0, f"systemd-analyze verify: {told}")
    code, told = run("systemd-analyze", "security", "--offline=true", "--no-pager", path)
    level = re.search(r"Overall exposure level for aside.service: ([\d.]+)", told)
    if not level:
        print(f"skipped: this systemd can't judge a unit that does not run ({told.strip().splitlines()[-1:]})")
        return
    expect(float(level[1]) <= MOST_EXPOSED, f"systemd-analyze security: {level[1]} is more than {MOST_EXPOSED}")
    print(f"systemd takes the unit, whose exposure is {level[1]} of 10")


def scripts():
    """Dockerfile and scripts by their linters; no image that moves."""
    if needs("hadolint"):
        code, told = run("hadolint", ROOT / "Dockerfile")
        expect(code == 0, f"hadolint: {told}")
    if needs("shellcheck"):
        code, told = run("shellcheck", DEPLOY / "settings", DEPLOY / "image", ROOT / "tests" / "deploy" / "files")
        expect(code == 0, f"shellcheck: {told}")
    for image in re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        expect(image == "scratch" or PINNED.match(image), f"Dockerfile: `{image}` is not pinned by its version")
    print("the Dockerfile and the scripts are clean")


compose()
agreement.unit()
settings()
configs("compose", (DEPLOY / "aside.toml").read_text())
manifests()
unit()
scripts()
for one in wrong:
    print(f"wrong: {one}")
sys.exit(bool(wrong))
