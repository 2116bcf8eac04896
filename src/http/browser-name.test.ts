import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserName } from './browser-name.ts'

test('a browser is called as people know it, whatever else it says that it is', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0'
  const said = {
    [`Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36`]: 'Chrome on Linux',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36':
      'Chrome on Linux',
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/140.0`]: 'Edge on Windows',
    [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${chrome} Mobile Safari/537.36`]: 'Chrome on Android',
    'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0': 'Firefox on Linux',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15':
      'Safari on macOS',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1':
      'Safari on iOS',
    'curl/8.14.1': 'A browser',
    '<script>alert(1)</script> Linux': 'A browser on Linux',
    '': 'A browser',
  }
  for (const [userAgent, name] of Object.entries(said)) assert.equal(browserName(userAgent), name, userAgent)
  assert.equal(browserName(undefined), 'A browser')
})
