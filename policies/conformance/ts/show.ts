// Writes values of the contract as text: policies/conformance/README.md.

import { Absence } from "casefile";

/** Writes a value of one type. */
export type Show = (value: any) => string;

const ESCAPED = /["\\\0-\x1f\x7f]/g;

export const text: Show = (value: string) => {
  const escaped = value.replace(ESCAPED, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
  return `"${escaped}"`;
};

/** Texts, numbers, true and false, and lists of them say what they are. */
export const plain: Show = (value) => {
  if (typeof value === "string") return text(value);
  return typeof value === "object" ? list(plain)(value) : String(value);
};

export const number: Show = String;
export const name: Show = String;

export const list =
  (item: Show): Show =>
  (values) =>
    `[${Array.from(values, item).join(", ")}]`;
export const tuple: Show = (values) => `(${Array.from(values, plain).join(", ")})`;
export const option =
  (some: Show): Show =>
  (value) =>
    value === null ? "none" : `some(${some(value)})`;

/** A case with a value is an object, the others are their names. */
export const variant =
  (cases: Record<string, Show> = {}): Show =>
  (value) =>
    typeof value === "string"
      ? value
      : `${value.kind}(${(cases[value.kind] ?? plain)(value.value)})`;

const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/**
 * A record by the names of its fields: those with a `?` are options; what is
 * not plain is given.
 */
const record = (names: string, given: Record<string, Show> = {}): Show => {
  const fields = names.split(" ").map((field) => {
    const name = field.replace("?", "");
    const show = given[name] ?? (name === field ? plain : option(plain));
    return [name, camel(name), show] as const;
  });
  return (value) =>
    `{${fields.map(([name, field, show]) => `${name}: ${show(value[field])}`).join(", ")}}`;
};

export const absence: Show = ({ path, state, reason, detail }: Absence) => {
  const why = state === "absent" ? state : `unknown(${reason})`;
  return `{path: ${text(path)}, state: ${why}, detail: ${text(detail)}}`;
};

/** What a parameter holds: its type says which case it is. */
export const parameter: Show = (value: boolean | bigint | string | string[]) => {
  if (Array.isArray(value)) return `texts(${plain(value)})`;
  switch (typeof value) {
    case "boolean":
      return `boolean(${value})`;
    case "bigint":
      return `integer(${value})`;
    default:
      return `text(${text(value)})`;
  }
};

export const assignment = record("name value");
export const osRelease = record("id version-id id-like pretty-name assignments evidence", {
  assignments: list(assignment),
});
export const kernel = record("release version evidence");
export const memory = record("total available evidence");
export const processors = record("count features evidence");
export const mount = record("point file-system source options");
export const mounts = record("entries evidence", { entries: list(mount) });
export const figure = record("value evidence");
export const pressure = record("some-10 some-300 full-10 full-300 evidence");

export const setting = record("text evidence");
export const settingNumber = record("value evidence");

export const status = record(
  "name parent uids gids threads effective-capabilities bounding-capabilities " +
    "no-new-privileges kernel-thread evidence",
  { uids: tuple, gids: tuple },
);
export const limit = record("soft? hard? evidence");
export const descriptorKind = record("kind count");
export const descriptors = record("open kinds evidence", { kinds: list(descriptorKind) });
export const executable = record("path deleted evidence");
export const processMemory = record("virtual resident peak-resident swapped evidence");
export const mappings = record("count evidence");
export const watches = record("count evidence");
export const started = record("since-boot evidence");

export const membership = record("hierarchy controllers path");
export const memberships = record("entries evidence", { entries: list(membership) });
export const control = record("text evidence");
export const level = record("group version limit? used? evidence");
export const levels = record("entries unknown", { entries: list(level), unknown: list(absence) });
export const event = record("group name count evidence");

export const program = record("path origins");
export const elfFile = record(
  "kind bits machine object-type interpreter? dynamic needed soname? rpath? runpath? " +
    "build-id? executable-stack evidence",
  { kind: variant() },
);
export const launch = record("library-path? preload? secure? working-directory?");
export const loaded = record("name path needed-by found-by element? subdirectory? evidence", {
  "found-by": name,
});
export const unresolved = record("name needed-by problem", { problem: variant() });
export const versionMissing = record("version library library-path needed-by weak");
export const fragile = record("name needed-by path why", { why: name });
export const insecure = record("element list object risk", { list: name, risk: name });
export const resolution = record(
  "loader loader-version? interpreter? secure objects missing versions stops? warnings " +
    "fragile insecure unknown unknown-levels unknown-risks evidence",
  {
    loader: name,
    objects: list(loaded),
    missing: list(unresolved),
    versions: list(versionMissing),
    fragile: list(fragile),
    insecure: list(insecure),
    unknown: list(absence),
    "unknown-levels": list(absence),
    "unknown-risks": list(absence),
  },
);
export const versionNeed = record("library version weak");
export const section = record("name kind flags address size");
export const dlopenNote = record("feature description priority sonames");
export const cache = record("entries generator hwcaps evidence");
export const staleEntry = record("name path how", { how: name });

export const start = record("index program origin uid? cgroup? working-directory?", {
  origin: variant(),
});
export const hidden = record("pid absence", { absence });

export const goModule = record("path version sum replaced-by", { "replaced-by": option(tuple) });
export const buildSetting = record("key value");
export const goProgram = record(
  "version path main settings link linker? stripped function-count? evidence",
  { main: option(goModule), settings: list(buildSetting), link: name },
);
export const goFunction = record("name package in-main-module");
export const functionFilter = record("name? package? in-main-module");
export const goCall = record("caller callee proof from-main-module", { proof: name });
export const callFilter = record("caller-package? callee? from-main-module");

export const database = record("manager path packages evidence", { manager: name });
export const installed = record("name version architecture source manager evidence", {
  manager: name,
});

export const tlsLibrary = record("name path version? package? evidence");
export const tool = record("name path version? package? tls unknown evidence", {
  tls: list(tlsLibrary),
  unknown: list(absence),
});

export const coverage = record("since-boot lines hidden evidence");
export const line = record("since-boot? text evidence");
export const memoryKill = record(
  "since-boot? pid name uid? limited-group? group? anonymous? in-group evidence",
);

export const counter = record("value evidence");
export const stateCount = record("state count");
export const sockets = record("states evidence", { states: list(stateCount) });
export const listener = record("protocol address port loopback pids evidence");

export const store = record("path kind real-path certificates unparsable evidence", { kind: name });
export const certificate = record(
  "path position fingerprint key-fingerprint subject issuer serial not-before not-after " +
    "version authority? key signature self-signed evidence",
  { key: variant({ rsa: tuple, elliptic: tuple }), "self-signed": name },
);
export const stores = record("known unknown", { known: list(store), unknown: list(absence) });
export const layout = record("kind openssl-directory gnutls-source evidence", { kind: name });
export const poolRequest = record("library version? certificate-file? certificate-directory?", {
  library: name,
});
export const poolSource = record("path kind present added", { kind: name });
export const pool = record("count sources rejected unknown", {
  sources: list(poolSource),
  unknown: list(absence),
});
export const poolCertificate = record("fingerprint subject path position rejected? evidence");
export const details = record(
  "key-usage? extended-key-usage? path-length? alternative-names permitted excluded " +
    "unknown-critical departures evidence",
);
export const knownRoots = record("date count");
export const knownRoot = record("fingerprint subject distrust-after?");
export const drift = record("kind path subject detail evidence", { kind: name });

export const field = record("name value");
export const eventRecord = record("record-type seconds milliseconds serial text fields evidence", {
  fields: list(field),
});
export const filter = record("record-types since?");
export const page = record("records next? truncated", { records: list(eventRecord) });

export const variable = record("name value? evidence");

export const stat = record("real-path kind mode uid gid size modified evidence", { kind: name });
export const fileText = record("content skipped evidence");
export const listing = record("names evidence");
export const attribute = record("value evidence");
export const space = record(
  "point source file-system total free available inodes free-inodes read-only evidence",
);

export const source = record("name text");
