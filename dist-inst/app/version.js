// Not imported, for the sake of `bhor token`; see config/home.ts.
const { readFileSync } = process.getBuiltinModule('node:fs');
/** From package.json, which lies two folders up both from the sources and from the build. */
export const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
