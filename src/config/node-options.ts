/**
 * Options of Node that a bhor may run with: memory, warnings, names and certificates of the network, fewer rights. All
 * others are refused, since Node gets new ways to load code or to let others look in faster than a list of those grows.
 */
const harmless = new RegExp(
  `^(?:--no-[a-z0-9-]+|${[
    '--max-(?:old-space|semi-space|heap)-size|--max-old-space-size-percentage|--max-http-header-size|--stack-size',
    '--min-semi-space-size|--v8-pool-size|--jitless|--lite-mode|--use-largepages|--zero-fill-buffers',
    '--(?:pending-|throw-)?deprecation|--warnings|--disable-warning|--unhandled-rejections|--stack-trace-limit',
    '--enable-source-maps|--dns-result-order|--(?:enable-)?network-family-autoselection(?:-attempt-timeout)?',
    '--use-(?:system|bundled|openssl)-ca|--openssl-(?:legacy-provider|shared-config)|--(?:enable|force)-fips',
    '--secure-heap(?:-min)?|--tls-(?:min|max)-v1\\.[23]|--tls-min-v1\\.3|--disable-sigusr1|--disable-proto',
    '--disallow-code-generation-from-strings|--frozen-intrinsics|--permission(?:-audit)?',
    '--allow-(?:fs-read|fs-write|net|child-process|worker)|--report-exclude-(?:env|network)|--title|--icu-data-dir',
    '--(?:experimental-)?strip-types|--(?:experimental-)?require-module|--experimental-vm-modules',
    '--experimental-(?:fetch|websocket|webstorage|eventsource|sqlite|wasm-modules|detect-module)',
  ].join('|')})$`,
)

/** Whether Node was given anything else, as it reads it: `_` is `-` in a name, and a value may follow `=`. */
export function hasUnsafeOption(words: readonly string[]): boolean {
  return words.some((word) => word.startsWith('-') && !harmless.test(nameOf(word)))
}

function nameOf(word: string): string {
  return word.split('=', 1)[0]!.replaceAll('_', '-')
}

/**
 * The words of `NODE_OPTIONS` as Node takes them apart: spaces part them, double quotes may stand around any piece,
 * and a backslash within quotes keeps the next character (`ParseNodeOptionsEnvVar` in node_options.cc).
 */
export function wordsOfNodeOptions(text: string): string[] {
  const words: string[] = []
  let isQuoted = false
  let isNew = true
  for (let at = 0; at < text.length; at++) {
    let c = text[at]!
    if (c === '\\' && isQuoted) c = text[++at] ?? ''
    else if (c === ' ' && !isQuoted) {
      isNew = true
      continue
    } else if (c === '"') {
      isQuoted = !isQuoted
      continue
    }
    if (isNew) words.push(c)
    else words[words.length - 1] += c
    isNew = false
  }
  return words
}
