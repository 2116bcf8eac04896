/** The first that fits: each of these also calls itself by the names below it. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bFirefox\//, 'Firefox'],
  [/\b(?:Headless)?Chrom(?:e|ium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** `Chrome on Linux`, from what a browser says of itself. Nothing is decided by it. */
export function browserName(userAgent = ''): string {
  const nameIn = (list: typeof programs) => list.find(([pattern]) => pattern.test(userAgent))?.[1]
  const [program, system] = [nameIn(programs), nameIn(systems)]
  if (!program) return system ? `A browser on ${system}` : 'A browser'
  return system ? `${program} on ${system}` : program
}
