// Writes values of the contract as text: policies/conformance/README.md.
const ESCAPED = /["\\\0-\x1f\x7f]/g;

export const text = (value) => {
  const escaped = value.replace(ESCAPED, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
  return `"${escaped}"`;
};

export const number = String;
export const bool = String;
export const list = (item) => (values) => `[${Array.from(values, item).join(", ")}]`;
export const tuple =
  (...items) =>
  (values) =>
    `(${items.map((item, place) => item(values[place])).join(", ")})`;
export const option = (some) => (value) => (value === null ? "none" : `some(${some(value)})`);

/** A case with a value is an object, the others are their names. */
export const variant =
  (cases = {}) =>
  (value) =>
    typeof value === "string" ? value : `${value.kind}(${cases[value.kind](value.value)})`;
const name = variant();
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const record = (fields) => {
  const shown = Object.entries(fields).map(([name, show]) => [name, camel(name), show]);
  return (value) =>
    `{${shown.map(([name, field, show]) => `${name}: ${show(value[field])}`).join(", ")}}`;
};

export const absence = ({ path, state, reason, detail }) => {
  const why = state === "absent" ? state : `unknown(${reason})`;
  return `{path: ${text(path)}, state: ${why}, detail: ${text(detail)}}`;
};

/** What a parameter holds: its type says which case it is. */
export const parameter = (value) => {
  if (Array.isArray(value)) return `texts(${list(text)(value)})`;
  switch (typeof value) {
    case "boolean":
      return `boolean(${value})`;
    case "bigint":
      return `integer(${value})`;
    default:
      return `text(${text(value)})`;
  }
};
const evidence = number;
const texts = list(text);
const ids = tuple(number, number, number, number);

export const kind = name;
export const osRelease = record({
  id: text,
  "version-id": text,
  "id-like": texts,
  "pretty-name": text,
  assignments: list(record({ name: text, value: text })),
  evidence,
});

export const kernel = record({ release: text, version: text, evidence });
export const memory = record({ total: number, available: number, evidence });
export const processors = record({ count: number, features: texts, evidence });
export const mounts = record({
  entries: list(record({ point: text, "file-system": text, source: text, options: texts })),
  evidence,
});

export const setting = record({ text, evidence });
export const settingNumber = record({ value: number, evidence });
export const status = record({
  name: text,
  parent: number,
  uids: ids,
  gids: ids,
  threads: number,
  "effective-capabilities": number,
  "bounding-capabilities": number,
  "no-new-privileges": bool,
  "kernel-thread": bool,
  evidence,
});

export const limit = record({ soft: option(number), hard: option(number), evidence });
export const descriptors = record({
  open: number,
  kinds: list(record({ kind: text, count: number })),
  evidence,
});

export const executable = record({ path: text, deleted: bool, evidence });
export const memberships = record({
  entries: list(record({ hierarchy: number, controllers: texts, path: text })),
  evidence,
});

export const control = record({ text, evidence });
export const program = record({ path: text, origins: texts });
export const elfFile = record({
  kind: variant({ script: text, malformed: text }),
  bits: number,
  machine: number,
  "object-type": number,
  interpreter: option(text),
  dynamic: bool,
  needed: texts,
  soname: option(text),
  rpath: option(text),
  runpath: option(text),
  "build-id": option(text),
  "executable-stack": bool,
  evidence,
});

export const resolution = record({
  loader: name,
  interpreter: option(text),
  objects: list(record({ name: text, path: text, "needed-by": text, "found-by": name, evidence })),
  missing: list(
    record({
      name: text,
      "needed-by": text,
      problem: variant({ "wrong-architecture": text, invalid: text }),
    }),
  ),
  versions: list(
    record({
      version: text,
      library: text,
      "library-path": text,
      "needed-by": text,
      weak: bool,
    }),
  ),
  unknown: list(absence),
  evidence: list(evidence),
});

export const stores = record({
  known: list(
    record({
      path: text,
      kind: name,
      "real-path": text,
      certificates: number,
      unparsable: number,
      evidence,
    }),
  ),
  unknown: list(absence),
});

export const certificate = record({
  path: text,
  position: number,
  fingerprint: text,
  "key-fingerprint": text,
  subject: text,
  issuer: text,
  serial: text,
  "not-before": number,
  "not-after": number,
  version: number,
  authority: option(bool),
  key: variant({
    rsa: tuple(number, text),
    elliptic: tuple(text, number),
    dsa: number,
    edwards: text,
    other: text,
  }),
  signature: text,
  "self-signed": name,
  evidence,
});

export const filter = record({ "record-types": texts, since: option(number) });
export const page = record({
  records: list(
    record({
      "record-type": text,
      seconds: number,
      milliseconds: number,
      serial: number,
      text,
      fields: list(record({ name: text, value: text })),
      evidence,
    }),
  ),
  next: option(number),
  truncated: bool,
});

export const variable = record({ name: text, value: option(text), evidence });
export const stat = record({
  "real-path": text,
  kind: name,
  mode: number,
  uid: number,
  gid: number,
  size: number,
  modified: number,
  evidence,
});

export const fileText = record({ content: text, skipped: number, evidence });
export const listing = record({ names: texts, evidence });
export const attribute = record({ value: list(number), evidence });
export const source = record({ name: text, text });
