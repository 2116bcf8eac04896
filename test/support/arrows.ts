import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'

const domain = ['core', 'contracts']
const parts = ['session', 'brokers', 'stores', 'vault', 'audit', 'net', 'alerts', 'mirrors']

/** The table of ARCHITECTURE.md, "Arrows". A layer may always import itself. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  contracts: ['core'],
  config: ['core'],
  session: domain,
  brokers: domain,
  stores: domain,
  vault: domain,
  audit: domain,
  net: domain,
  alerts: domain,
  mirrors: domain,
  simulator: domain,
  client: [...domain, 'config'],
  sdk: domain,
  app: [...domain, 'config', ...parts],
  http: [...domain, 'config', 'session', 'app'],
  library: [...domain, 'config', 'session', 'app', 'http', 'client'],
  cli: [...domain, 'config', ...parts, 'simulator', 'app', 'http', 'client'],
  'index.ts': [...domain, 'config', 'app', 'client', 'library'],
  // Document 004's module: its own files by the parts of bhor, an account by the library.
  upstox: [...domain, 'config', ...parts, 'index.ts'],
}

/** What these layers may take from Node or npm: nothing that opens a file, a socket or a clock. */
const pureLayers = ['core', 'contracts', 'session', 'brokers', 'audit']
const purePackages = ['node:crypto', 'otpauth']
/** The suite that adapters are tested with is exported, but no part of a running bhor. */
const suitePackages = ['node:assert/strict', 'node:fs', 'node:test', 'fast-check']

interface Rule {
  readonly says: string
  readonly pattern: RegExp
  /** Whole layers (`net/`) and single files. A file that is listed and needs no exception is a violation too. */
  readonly allowed: readonly string[]
}

const rules: readonly Rule[] = [
  {
    says: 'names a broker',
    pattern: /kite|upstox|zerodha/i,
    // The official clients of two brokers, ready-made; documents that programs are written for.
    allowed: [
      'brokers/',
      'simulator/',
      'sdk/',
      'upstox/',
      'contracts/endpoints.ts',
      'http/routes/generate-session.ts',
    ],
  },
  {
    says: 'reads the environment',
    pattern: /process\.env\b|process\['env'\]|\benv\b[^=\n]*\}\s*=\s*process\b/,
    // The command's first file, which an old Node reads.
    allowed: ['config/', 'cli/launcher.cts'],
  },
  {
    says: 'touches the terminal or ends the process',
    pattern:
      /process\.(?:exit|exitCode|abort|stdin|stdout|stderr)\b|\bconsole\.(?:log|info|warn|error|debug)\(/,
    allowed: ['cli/'],
  },
  {
    says: 'has a clock, a timer or chance of its own',
    pattern:
      /\bDate\.now\(|\bnew Date\(|Temporal\.Now\b|performance\.now\(|(?<![.\w])set(?:Timeout|Interval)\(|Math\.random\(|\brandom(?:Bytes|UUID|Int)\(/,
    // The page that closes itself does so in the browser.
    allowed: ['core/', 'http/pages.ts'],
  },
  {
    says: 'opens a socket',
    pattern:
      /import (?!type\b)[^'\n]*'(?:node:(?:https?|http2|net|tls|dgram)|pg)'|getBuiltinModule\('node:(?:https?|http2|net|tls|dgram)'\)|import\('node:(?:https?|http2|net|tls|dgram)'\)|(?<![.\w])fetch\(|new WebSocket\(/,
    allowed: [
      'net/',
      'alerts/',
      'http/guarded-server.ts',
      'http/listen.ts',
      'client/fetch-wire.ts',
      'client/node-wire.ts',
      'sdk/kite-ticker.ts',
      'simulator/notifier.ts',
      'simulator/server.ts',
      'cli/wire.ts',
      'stores/postgres/client.ts',
    ],
  },
  {
    says: 'opens a secret',
    pattern: /\.reveal\b/,
    allowed: [
      'alerts/',
      'app/master-key.ts',
      'app/backup/restore.ts',
      'app/open.ts',
      'app/sandbox.ts',
      'app/secret-sources.ts',
      'http/answer.ts',
      'http/locked-door.ts',
      'http/routes/keys.ts',
      'http/routes/sign-in.ts',
      'http/sign-ins.ts',
      'library/own-line.ts',
      'net/proxy.ts',
      'session/accounts/app.ts',
      'session/alerts/channels.ts',
      'session/alerts/outbox.ts',
      'session/browsers/passphrase.ts',
      'session/ground/line.ts',
      'session/ground/records.ts',
      'session/handout/client-keys.ts',
      'session/login/commit.ts',
      'session/login/methods.ts',
      'upstox/credentials.ts',
      'upstox/file-source.ts',
      'upstox/token-format.ts',
      'session/mirrors/mirrors.ts',
      'session/mirrors/write.ts',
      'vault/passphrase-key.ts',
    ],
  },
  {
    // Rows, audit and feed are written together, in one place; health only watches how writes end, and the frame with a
    // key has a database of the browser's.
    says: 'writes past the unit of work',
    pattern: /\.transaction\(|\baudit\.within\(|\.appendAudit\(/,
    allowed: [
      'session/ground/change.ts',
      'session/gate/health.ts',
      'stores/',
      'vault/',
      'audit/log.ts',
      'http/key-frame.ts',
    ],
  },
  {
    // A door says who asks; the domain says whether he may.
    says: 'decides a right',
    pattern: /\brights\.has\(|\bscopes\.(?:has|includes)\(|\baccountIds\??\.has\(|'scope_missing'/,
    allowed: ['session/'],
  },
  {
    says: 'starts a program',
    pattern: /child_process/,
    allowed: [
      'cli/child.ts',
      'cli/launcher.cts',
      'cli/open-browser.ts',
      'cli/service/program.ts',
      'app/secret-sources.ts',
    ],
  },
  {
    // Below /proc Node would try for ever; stores/sqlite/file-checks.ts has the maker of folders.
    says: 'makes folders recursively',
    pattern: /\bmkdir(?:Sync)?\([^\n]*\brecursive\b/,
    allowed: [],
  },
  { says: 'uses a shell', pattern: /\bshell\s*:|(?<![.\w])exec(?:Sync)?\(/, allowed: [] },
  { says: 'evaluates text', pattern: /\beval\(|new Function\(|node:vm\b/, allowed: [] },
  {
    says: 'turns certificate checks off',
    pattern: /rejectUnauthorized\s*:\s*(?:false|!1)|checkServerIdentity/,
    allowed: [],
  },
]

/** A file of the sources: its path below their folder, with slashes, and what of its text the rules are about. */
export interface Source {
  readonly path: string
  readonly code: string
}

/** Every file below this folder that a rule is about. */
export function readSources(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => isSource(path))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(folder, path), 'utf8')))
}

/** Tests are free. */
export function isSource(path: string): boolean {
  return /\.c?ts$/.test(path) && !/\.(?:test|test-d|suite)\.ts$/.test(path)
}

export function sourceOf(path: string, text: string): Source {
  return { path, code: codeOf(path, text) }
}

/** Everything that ARCHITECTURE.md forbids among these sources, one sentence each. */
export function violationsAmong(sources: readonly Source[]): string[] {
  return [
    ...sources.flatMap((source) => {
      const { path } = source
      const { imports, broken } = findingsIn(source)
      const forbidden = broken.filter(({ allowed }) => !isListed(allowed, path))
      return [...imports, ...forbidden.map(({ says }) => `${path} ${says}`)]
    }),
    ...rules.flatMap((rule) =>
      rule.allowed
        .filter(
          (entry) =>
            !sources.some((one) => isListed([entry], one.path) && findingsIn(one).broken.includes(rule)),
        )
        .map((entry) => `${entry} is listed, but nothing there ${rule.says}`),
    ),
  ]
}

/** What a file holds, whatever stands beside it. */
interface Findings {
  /** Imports that no arrow allows, one sentence each. */
  readonly imports: readonly string[]
  /** The rules that its code breaks, were it not listed. */
  readonly broken: readonly Rule[]
}
/** The same file is looked at with many others. */
const findings = new WeakMap<Source, Findings>()

function findingsIn(source: Source): Findings {
  const known = findings.get(source)
  if (known) return known
  const { path, code } = source
  const found = {
    imports: importsOf(code).flatMap((target) => wrongImport(path, target)),
    broken: rules.filter(({ pattern }) => pattern.test(code)),
  }
  findings.set(source, found)
  return found
}

function isListed(allowed: readonly string[], path: string): boolean {
  return allowed.some((entry) => path === entry || (entry.endsWith('/') && path.startsWith(entry)))
}

/** Comments cite sources and give examples; no rule is about them. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '')
}

/** The programs that a broker's snippets show are texts, not code of bhor's. */
function codeOf(path: string, text: string): string {
  const code = withoutComments(text)
  return /^brokers\/\w+\/snippets\.ts$/.test(path) ? code.replace(/`[^`]*`|"[^"\n]*"/g, '``') : code
}

function importsOf(code: string): string[] {
  return [
    ...code.matchAll(
      /(?<!')(?:(?<![.\w])from|\bimport|getBuiltinModule\(|\bimport\(|\brequire\()\s*'([^']+)'/g,
    ),
  ].map(([, target]) => target!)
}

function wrongImport(path: string, target: string): string[] {
  const [layer = ''] = path.split('/')
  const mayImport = arrows[layer]
  if (!mayImport) return [`${path} is in no layer`]
  if (!target.startsWith('.')) {
    const inSuite = path.startsWith('brokers/suite/') && suitePackages.includes(target)
    const isPure = !pureLayers.includes(layer) || purePackages.includes(target) || inSuite
    // What programs load brings no package with it.
    const isAlone = layer !== 'client' || target.startsWith('node:')
    return isPure && isAlone ? [] : [`${path} imports ${target}`]
  }
  const to = posix.join(path, '..', target)
  const [toLayer = ''] = to.split('/')
  if (to.startsWith('brokers/suite/') && !path.startsWith('brokers/suite/')) return [`${path} imports ${to}`]
  const isRight =
    toLayer === layer ? !isRivalBroker(path, to) : mayImport.includes(toLayer) && !to.startsWith('..')
  return isRight ? [] : [`${path} imports ${to}`]
}

/** One broker knows nothing of another; only the registry names them all. */
function isRivalBroker(from: string, to: string): boolean {
  const [layer, ours, inside] = from.split('/')
  const [, theirs, theirInside] = to.split('/')
  if (layer !== 'brokers' || theirInside === undefined || from === 'brokers/registry.ts') return false
  return inside === undefined || ours !== theirs
}
