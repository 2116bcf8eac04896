import { one, type PlantedBug } from './bug.ts'

/** What stands between bhor and everybody else. */
export const wallBugs: readonly PlantedBug[] = [
  {
    name: 'Host check only on `request`',
    what: 'An upgrade or a tunnel reaches the desk under any name.',
    edits: [
      one(
        'http/guarded-server.ts',
        "server.on('upgrade', drop)",
        "server.on('upgrade', (_, socket) => end(socket, notServed))",
      ),
      one(
        'http/guarded-server.ts',
        "server.on('connect', drop)",
        "server.on('connect', (_, socket) => end(socket, notServed))",
      ),
    ],
    caughtBy: {
      file: 'src/http/guarded-server.test.ts',
      test: 'a strange Host reaches nothing, by whatever event Node delivers the request',
    },
  },
  {
    name: '`endsWith(localhost)`',
    what: 'Every name below localhost is the page.',
    edits: [
      one(
        'http/addresses.ts',
        'return label !== undefined && port === this.#port && label === this.#ownLabel',
        "return host.split(':')[0]!.endsWith('localhost') || (label !== undefined && port === this.#ownLabel)",
      ),
    ],
    caughtBy: {
      file: 'src/http/guard.test.ts',
      test: 'the page has a name for each sign-in, and none that is only like one passes',
    },
  },
  {
    name: 'reflect Origin',
    what: 'Whatever page a request comes from, it is let in.',
    edits: [
      one(
        'http/guard.ts',
        'if (origin !== undefined && origin !== ownOrigin)',
        "if (origin !== undefined && origin === '')",
      ),
    ],
    caughtBy: {
      file: 'src/http/guard.test.ts',
      test: 'Origin has three states: absent, exactly ours, anything else',
    },
  },
  {
    name: '`new URL(req.url, base)`',
    what: 'A target is resolved before it is looked at, so that another path is served than was asked for.',
    edits: [
      one(
        'http/request.ts',
        'this.path = queryAt < 0 ? url : url.slice(0, queryAt)',
        "this.path = new URL(url, 'http://127.0.0.1').pathname",
      ),
    ],
    caughtBy: {
      file: 'src/http/request.test.ts',
      test: 'path and query are cut at the first question mark',
    },
  },
  {
    name: 'decode twice',
    what: 'A path that holds an escaped escape names something else than was looked at.',
    edits: [
      one(
        'http/table.ts',
        'return decodeURIComponent(segment)',
        'return decodeURIComponent(decodeURIComponent(segment))',
      ),
    ],
    caughtBy: {
      file: 'src/http/table.test.ts',
      test: 'a path is matched by its segments as sent, and a parameter is decoded once',
    },
  },
  {
    name: 'follow redirects',
    what: 'A broker’s answer sends what was for the broker elsewhere.',
    edits: [
      one(
        'net/system.ts',
        "  call.on('response', (response) => {\n    hasResponse = true\n",
        "  call.on('response', (response) => {\n    hasResponse = true\n    const { location } = response.headers\n    if (location) {\n      deadline[Symbol.dispose]()\n      response.resume()\n      return send({ ...request, url: new URL(location, url).href }, resolve, reject)\n    }\n",
      ),
    ],
    caughtBy: {
      file: 'src/net/system.test.ts',
      test: 'a redirect 302 is an answer and is not followed, whatever headers were sent',
    },
  },
  {
    name: 'error carries cause',
    what: 'The error of a call holds the address and headers that it was made with.',
    edits: [
      one(
        'net/system.ts',
        'function withoutRequest(error: NodeJS.ErrnoException): Error {\n',
        'function withoutRequest(error: NodeJS.ErrnoException): Error {\n  if (error.message) return error\n',
      ),
    ],
    caughtBy: {
      file: 'src/net/system.test.ts',
      test: 'a header that is none is not sent, and not told',
    },
  },
  {
    name: 'check IP before connect only',
    what: 'An alert goes to an address of its receiver’s name that nobody has looked at.',
    edits: [
      one(
        'alerts/dialler.ts',
        'const socket = this.#wires.connect(address, port)',
        'const [again] = ipAddress(host) === undefined ? await this.#wires.resolve(host) : [address]\n      const socket = this.#wires.connect(again ?? address, port)',
      ),
    ],
    caughtBy: {
      file: 'src/alerts/ssrf.test.ts',
      test: 'a name is resolved once, and the addresses that were looked at are those that are connected to',
    },
  },
  {
    name: 'subject from body',
    what: 'Of a session that is posted, the person is believed whom the post names.',
    edits: [
      one(
        'session/login/hooks.ts',
        'const verified = await verifyIdentity(context, line, grant)',
        "const verified = { userId: grant.userId ?? '', profile: undefined, verdict: 'valid' }",
      ),
    ],
    caughtBy: {
      file: 'src/session/login/hooks.test.ts',
      test: 'forged tokens, and real ones of another person, while a request is open: none is stored',
    },
  },
  {
    name: 'any chat of the bot',
    what: 'Whoever writes to the bot is obeyed, from whichever chat.',
    edits: [
      one(
        'session/telegram/bots.ts',
        'return isChat && topic === place.topic',
        'return isChat || topic === place.topic',
      ),
    ],
    caughtBy: {
      file: 'src/session/telegram/chats.test.ts',
      test: 'strangers, other topics and other bots get no answer, and are counted',
    },
  },
  {
    name: 'yes to whatever is stopped',
    what: 'A button that was made for one stop lifts another one, which nobody was shown.',
    edits: [
      one('session/gate/gates.ts', 'if (pause && isUnchanged(pause, shown)) return', 'if (pause) return'),
    ],
    caughtBy: {
      file: 'src/session/telegram/resuming.test.ts',
      test: 'a yes lifts the stop that was shown, and no later or stricter one',
    },
  },
]
