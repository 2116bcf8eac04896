import { linesOf, type Reply, securityHeaders } from './reply.ts'

/**
 * bhor has no service worker. A browser that asks for the script of one has it from whoever served this address before,
 * and looks whether there is a newer one: this is it. It takes the place of the other at once, answers nothing, and
 * ends itself. A browser is made to look by each visit, at the latest a day after the last look.
 */
export const endOfWorkers: Reply = {
  status: 200,
  headers: linesOf({ ...securityHeaders, 'content-type': 'text/javascript; charset=utf-8' }),
  body: `addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => registration.unregister()),
  ),
)
`,
}
