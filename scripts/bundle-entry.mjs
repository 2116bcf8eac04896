// Makes one file of the command line's entry and what `bhor token` needs: loading twenty small ones takes half as long as Node itself.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from './bootstrap.mjs'

const folder = join(root, 'dist', 'cli')
const entry = join(folder, 'bhor.js')
const apart = /\/(main|young-heap|net\/system)\.js$/

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    ssr: entry,
    outDir: folder,
    emptyOutDir: false,
    minify: false,
    // An old Node must be able to read it, to be told that it is too old.
    target: 'es2022',
    rolldownOptions: { external: (id) => apart.test(id), output: { entryFileNames: 'bhor.js' } },
  },
})
chmodSync(entry, 0o755)
