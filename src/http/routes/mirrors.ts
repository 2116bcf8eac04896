import type { Routes } from './route.ts'

export const mirrorRoutes = {
  'GET /v1/mirrors': {
    right: 'admin',
    summary: 'The files that are kept in step with sessions.',
    answer: 'MirrorView[]',
    run: ({ app, principal }) => app.desk.mirrors.list(principal),
  },
  'POST /v1/mirrors': {
    right: 'person',
    summary: 'Keep a file in step with the session of an account.',
    body: 'AddMirror',
    answer: 'MirrorView',
    status: 201,
    run: ({ app, principal, body }) => app.desk.mirrors.add(principal, body),
  },
  'DELETE /v1/mirrors/{mirror}': {
    right: 'person',
    summary: 'Keep a file in step no longer, by its id. The file stays as it is.',
    run: ({ app, principal, params }) => app.desk.mirrors.remove(principal, params.mirror),
  },
  'POST /v1/mirrors/{mirror}/sync': {
    right: 'person',
    summary: 'Bring a file up to date now; say what becomes of a token that bhor did not write.',
    body: 'SyncMirror',
    answer: 'MirrorView',
    run: ({ app, principal, params, body }) => app.desk.mirrors.sync(principal, params.mirror, body),
  },
} satisfies Partial<Routes>
