import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { withIntegrity } from './integrity.ts'

const content = Buffer.from('run()')
const hash = `sha384-${createHash('sha384').update(content).digest('base64')}`
const read = (path: string) => {
  assert.equal(path, '/assets/index-1a2b.js')
  return content
}

test('each script and style gets the hash of its very bytes', () => {
  assert.equal(
    withIntegrity('<script type="module" crossorigin src="/assets/index-1a2b.js"></script>', read),
    `<script type="module" crossorigin src="/assets/index-1a2b.js" integrity="${hash}"></script>`,
  )
  assert.equal(
    withIntegrity('<link rel="stylesheet" href="/assets/index-1a2b.js">', read),
    `<link rel="stylesheet" href="/assets/index-1a2b.js" integrity="${hash}">`,
  )
  const plain = '<link rel="icon" href="data:image/svg+xml,x"><p class="script">src="/x"</p>'
  assert.equal(withIntegrity(plain, read), plain)
  const manifest = '<link rel="manifest" href="/manifest.webmanifest">'
  assert.equal(withIntegrity(manifest, read), manifest)
})

test('what no hash can check does not get into the page', () => {
  for (const tag of [
    '<link rel="icon" href="/assets/icon.svg">',
    '<link rel="modulepreload" href="/assets/more.js">',
    '<link rel="preload" as="font" href="/assets/font.woff2">',
    '<img src="/assets/sun.png">',
    '<script src="./assets/index-1a2b.js"></script>',
    '<script src="https://example.com/x.js"></script>',
  ])
    assert.throws(() => withIntegrity(tag, read), /no hash checks/, tag)
})
