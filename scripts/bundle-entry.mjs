// Makes one file of an entry and what it loads, where loading twenty small ones takes long: the command line's, with what
// `bhor token` needs (half as long as Node itself), and the one that programs load.
import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { root } from './bootstrap.mjs'

const entries = [
  // An old Node must be able to read it, to be told that it is too old.
  { file: 'cli/bhor.js', apart: /\/(main|young-heap|net\/system)\.js$/, target: 'es2022' },
  // A page never looks where Node's way is, nor Node where that of pages is.
  { file: 'client/node-wire.js', apart: /\/config\/other-hands\.js$/, target: 'esnext' },
  { file: 'client/fetch-wire.js', apart: /$^/, target: 'esnext' },
  {
    file: 'client/index.js',
    apart: /\/(node-wire|fetch-wire|config\/home|config\/other-hands)\.js$/,
    target: 'esnext',
  },
]

for (const { file, apart, target } of entries) {
  const entry = join(root, 'dist', file)
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: entry,
      outDir: dirname(entry),
      emptyOutDir: false,
      minify: false,
      target,
      rolldownOptions: {
        external: (id) => apart.test(id),
        output: { entryFileNames: file.split('/').at(-1) },
      },
    },
  })
}
for (const name of ['bhor.js', 'launcher.cjs']) chmodSync(join(root, 'dist', 'cli', name), 0o755)
