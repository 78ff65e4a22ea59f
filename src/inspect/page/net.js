// What is asked of aside: always of where the page came from, never with a key in an address.

const base = "inspect/";

export class Refused extends Error {
  constructor(status, message, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function read(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    // An answer of somebody else, as of a proxy.
  }
  if (response.ok && body) return body;
  const error = (body && body.error) || {};
  throw new Refused(response.status, error.message || `aside answered ${response.status}`, error.code);
}

export async function get(path) {
  return read(await fetch(base + path, { credentials: "same-origin", cache: "no-store" }));
}

export async function post(path, body) {
  const options = {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  return read(await fetch(base + path, options));
}

export const query = (entries) => {
  const set = Object.entries(entries).filter(([, value]) => value);
  return new URLSearchParams(set).toString();
};

/** Listens to what happens; gives what ends it. */
export function listen(told) {
  const source = new EventSource(`${base}events`, { withCredentials: false });
  source.addEventListener("open", () => told("open"));
  source.addEventListener("error", () => told("error", source.readyState === EventSource.CLOSED));
  for (const name of ["begun", "turn", "gap"]) {
    source.addEventListener(name, (event) => told(name, JSON.parse(event.data)));
  }
  return () => source.close();
}
