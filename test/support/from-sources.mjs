// Has a program that imports `bhor/…` run on the sources, so that a test needs no build: node --import this file.
import { registerHooks } from 'node:module'

const faces = {
  bhor: 'index.ts',
  'bhor/upstox': 'upstox/index.ts',
  'bhor/simulator': 'simulator/index.ts',
}

registerHooks({
  resolve(specifier, context, next) {
    const face = Object.hasOwn(faces, specifier) ? faces[specifier] : undefined
    const url = face && new URL(`../../src/${face}`, import.meta.url).href
    return url ? { url, shortCircuit: true } : next(specifier, context)
  },
})
