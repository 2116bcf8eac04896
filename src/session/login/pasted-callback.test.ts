import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { pastedCallback } from './pasted-callback.ts'
import { redirectOf } from './redirected.ts'

const cut = (text: string, width: number, end: string) =>
  text.match(new RegExp(`.{1,${width}}`, 'g'))!.join(end)
const quotedPrintable = (text: string) => cut(text.replaceAll('=', '=3D'), 75, '=\r\n')
const encoded = encodeURIComponent
const bare = (address: string) => address.replace('http://', '')
const query = (address: string) => address.slice(address.indexOf('?'))

/** What programs make of an address on its way to whoever pastes it. */
const ways: Readonly<Record<string, (address: string) => string>> = {
  'as it is': (a) => a,
  'with blanks around': (a) => ` \t${a} \n`,
  'without http://': bare,
  'without http:': (a) => a.slice(5),
  'as a path': (a) => a.replace(/^http:\/\/[^/]+/, ''),
  'as a query': query,
  'as a query without its ?': (a) => query(a).slice(1),
  'with https://': (a) => a.replace('http:', 'https:'),
  'in a sentence': (a) => `Here it is: ${a}. Does it work?`,
  'with a comma behind': (a) => `${a}, right?`,
  'with an exclamation mark': (a) => `${a}!`,
  'in angle brackets': (a) => `<${a}>`,
  'in angle brackets, as URL:': (a) => `<URL:${a}>`,
  'in double quotes': (a) => `"${a}"`,
  'in single quotes': (a) => `'${a}'`,
  'in typographic quotes': (a) => `“${a}”`,
  'in guillemets': (a) => `«${a}»`,
  'in backticks': (a) => `\`${a}\``,
  'in a code block': (a) => `\`\`\`\n${a}\n\`\`\``,
  'in round brackets': (a) => `(${a})`,
  'in square brackets': (a) => `[${a}]`,
  'in curly brackets': (a) => `{${a}}`,
  'as a Markdown link': (a) => `[the page](${a})`,
  'as a Markdown link of itself': (a) => `[${a}](${a})`,
  'as a Markdown link with a title': (a) => `[page](${a} "where it ended").`,
  'in Markdown’s bold': (a) => `**${a}**`,
  'in Markdown’s italics': (a) => `_${a}_`,
  'struck through': (a) => `~~${a}~~`,
  'as an HTML link': (a) => `<a href="${a.replaceAll('&', '&amp;')}">page</a>`,
  'with HTML’s entities': (a) => a.replaceAll('&', '&amp;').replaceAll('=', '&#61;'),
  'with entities twice over': (a) => a.replaceAll('&', '&amp;amp;'),
  'with entities in hexadecimal': (a) => a.replaceAll('&', '&#x26;').replaceAll('?', '&quest;'),
  'wrapped by mail': (a) => cut(a, 76, '\n'),
  'wrapped by mail, with its line ends': (a) => cut(a, 72, '\r\n'),
  'wrapped short': (a) => cut(a, 30, '\n'),
  'wrapped and indented': (a) => cut(a, 60, '\n    '),
  'wrapped before each parameter': (a) => a.replaceAll('&', '\n&'),
  'wrapped after each =': (a) => a.replaceAll('=', '=\n'),
  'wrapped and quoted': (a) => `> ${cut(a, 70, '\n> ')}`,
  'wrapped and quoted three times': (a) => `> > >${cut(a, 70, '\n>>> ')}`,
  'wrapped in angle brackets': (a) => `<${cut(a, 40, '\n')}>`,
  'wrapped with soft line ends': (a) => cut(a, 61, '=\n'),
  'wrapped with soft line ends, quoted': (a) => `> ${cut(a, 50, '=\r\n> ')}`,
  'in quoted-printable': quotedPrintable,
  'in quoted-printable, quoted': (a) => `> ${quotedPrintable(a).replaceAll('\r\n', '\r\n> ')}`,
  'in a mail': (a) => `Good morning,\n\n${cut(a, 76, '\n')}\n\nRegards\nPapa`,
  'above a name': (a) => `${a}\nPapa`,
  'above a name, wrapped': (a) => `${cut(a, 76, '\n')}\nThanks`,
  'with marks that cannot be seen': (a) =>
    `\ufeff${a.slice(0, 30)}\u200b${a.slice(30, 50)}\u00ad${a.slice(50)}\u200f`,
  'between no-break spaces': (a) => `\u00a0${a}\u00a0`,
  'with parameters that count clicks': (a) => `${a}&utm_source=chat&utm_medium=im&fbclid=IwAR0x`,
  'with counting behind a second ?': (a) => `${a}?utm_source=chat`,
  'with a fragment': (a) => `${a}#:~:text=over`,
  'with the fragment of another site': (a) => `${a}#_=_`,
  'as an Android intent': (a) =>
    `${a.replace('http:', 'intent:')}#Intent;scheme=http;package=com.android.chrome;S.browser_fallback_url=x;end`,
  'as another browser’s address': (a) => a.replace('http:', 'googlechrome:'),
  'as a view of its source': (a) => `view-source:${a}`,
  'opened by name': (a) => `microsoft-edge:${a}`,
  'percent-encoded': encoded,
  'percent-encoded twice': (a) => encoded(encoded(a)),
  'inside a search engine’s link': (a) => `https://www.google.com/url?q=${encoded(a)}&sa=D&source=calendar`,
  'inside a checked link of mail': (a) =>
    `https://apc01.safelinks.protection.outlook.com/?url=${encoded(a)}&data=05%7C02%7C&sdata=x%3D&reserved=0`,
  'inside two links': (a) =>
    `https://www.google.com/url?q=${encoded(`https://l.example.com/l.php?u=${encoded(a)}&h=AT`)}&sa=D`,
  'inside a link that does not encode it': (a) => `https://href.example/?${a}`,
  'inside a link with underlines': (a) => `https://urldefense.example/v3/__${a}__;!!Abc!xyz$`,
  'without http:// inside a link': (a) => `https://go.example/?to=${encoded(bare(a))}&x=1`,
  'with a slash behind the path': (a) => a.replace('?', '/?'),
  'in capitals before the query': (a) => a.slice(0, a.indexOf('?')).toUpperCase() + query(a),
}

/** Shows which callback a pasted text is taken for. */
async function reader(bed: Bed) {
  const { context, store } = bed.domain
  const broker = await context.broker(bed.broker)
  const account = (await store.accounts.byAlias('demo'))!
  return (text: string) => pastedCallback(context, broker, redirectOf(broker), account, text)
}

for (const [broker, code] of [
  ['kite', 'request_token'],
  ['upstox', 'code'],
] as const) {
  test(`${broker}: an address is found in whatever chat and mail have made of it`, async (t) => {
    await using bed = await openBed(broker)
    const read = await reader(bed)
    for (let round = 0; round < 5; round++) {
      const address = await bed.domain.callbackFor('demo')
      const { searchParams } = new URL(address)
      for (const [name, made] of Object.entries(ways)) {
        const { params } = read(made(address))
        assert.deepEqual(
          [params.get(code), params.get('state')],
          [[searchParams.get(code)], [searchParams.get('state')]],
          `${name}: ${made(address)}`,
        )
      }
    }
    const names = Object.keys(ways)
    const address = await bed.domain.callbackFor('demo')
    assert.equal(
      (await bed.domain.desk.logins.paste(operator, 'demo', ways['in a mail']!(address))).generation,
      1,
    )
    t.diagnostic(`${names.length} ways`)
  })

  test(`${broker}: state or code last, cut at any width, quoted or not`, async () => {
    await using bed = await openBed(broker)
    const read = await reader(bed)
    const { searchParams, origin, pathname } = new URL(await bed.domain.callbackFor('demo'))
    const [value, state] = [searchParams.get(code)!, searchParams.get('state')!]
    for (const pairs of [
      [`${code}=${value}`, `state=${state}`],
      [`state=${state}`, 'status=success', `${code}=${value}`],
    ]) {
      const address = `${origin}${pathname}?${pairs.join('&')}`
      // Cut once, the rest may be a word that somebody has written below.
      for (let width = 20; width < address.length / 2; width++) {
        for (const end of ['\n', '\r\n> ', '=\n']) {
          const { params } = read(cut(address, width, end))
          assert.deepEqual(
            [params.get(code), params.get('state')],
            [[value], [state]],
            cut(address, width, end),
          )
        }
      }
    }
  })
}

test('what was copied instead is told, and nothing is spent', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const { url } = await desk.logins.start(operator, 'demo', { via: 'api' })
  const right = bed.simulator.logIn('kite', url!)
  await bed.domain.addAccount({ account: 'papa' })
  for (const [text, code, says] of [
    ['', 'wrong_page', /Nothing was pasted/],
    ['  \n ', 'wrong_page', /Nothing was pasted/],
    ['no address', 'wrong_page', /not an address \(10 characters\)/],
    [url!, 'wrong_page', /not the page that the broker sent you back to/],
    [right.split('?')[0]!, 'wrong_page', /ends before what the broker says/],
    [`${right.split('?')[0]}?`, 'wrong_page', /ends before what the broker says/],
    ['http://127.0.0.1:7878/login/over', 'wrong_page', /a page of bhor itself/],
    ['http://127.0.0.1:7878/', 'wrong_page', /a page of bhor itself/],
    ['http://127.0.0.1:7878/callback/upstox', 'wrong_page', /logins at another broker end/],
    [right.replace(/^http:..[^/]+/, 'https://example.com'), 'wrong_page', /not the page/],
    [right.replace(/&state=.*/, ''), 'login_state_invalid', /its end is missing/],
    [right.slice(0, -3), 'login_state_invalid', /changed or cut off/],
    [`${right.slice(0, 120)}…`, 'login_state_invalid', /changed or cut off|its end is missing/],
    [right.replace(/request_token=\w+/, ''), 'callback_incomplete', /lacks request_token/],
    [`${right}\n${'x'.repeat(20_000)}`, 'wrong_page', /not an address/],
  ] as const) {
    await assert.rejects(
      desk.logins.paste(operator, 'demo', text),
      (error: { code: string; message: string; hint: string }) => {
        assert.equal(error.code, code, `${text}: ${error.message}`)
        assert.match(error.message, says)
        assert.ok(error.hint.length > 10)
        return true
      },
    )
  }
  await assert.rejects(desk.logins.paste(operator, 'papa', right), {
    code: 'login_state_invalid',
    message: /the login of another account/,
  })
  assert.equal(bed.exchanges(), 0)
  // Any address of this computer, when the state proves it: the broker may know an older port.
  const elsewhere = right.replace(/^http:..[^/]+\/callback\/kite/, 'http://localhost:5000/back')
  assert.equal((await desk.logins.paste(operator, 'demo', elsewhere)).generation, 1)
})

test('a login that is over is pasted again: the same answer while its session lives', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const address = await bed.domain.callbackFor('demo')
  for (let times = 0; times < 3; times++)
    assert.equal((await desk.logins.paste(operator, 'demo', address)).generation, 1)
  assert.equal(bed.exchanges(), 1)
  await bed.domain.logIn('demo')
  assert.equal((await desk.logins.paste(operator, 'demo', address)).generation, 2, 'the account is live')
  await desk.sessions.logout(operator, 'demo')
  await refused(desk.logins.paste(operator, 'demo', address), 'login_used')
})
