import type { Routes } from './route.ts'

export const gateRoutes = {
  'GET /v1/accounts/{account}/gate': {
    right: 'status',
    summary: 'May this account trade now, and if not, why?',
    answer: 'AccountGate',
    run: ({ app, principal, params }) => app.desk.gates.get(principal, params.account),
  },
  'PUT /v1/accounts/{account}/gate': {
    right: 'pause',
    summary:
      'Pause an account, or lift the pause, which needs the right `admin` or a person and lifts no other cause.',
    body: 'SetGate',
    answer: 'AccountGate',
    run: ({ app, principal, params, body }) => app.desk.gates.set(principal, params.account, body),
  },
  'GET /v1/gate': {
    right: 'status',
    summary: 'The gate of the house: is trading stopped for all accounts?',
    answer: 'GateView',
    run: ({ app, principal }) => app.desk.gates.ofHouse(principal),
  },
  'PUT /v1/gate': {
    right: 'pause',
    summary:
      'Stop trading for all accounts (the kill switch), or lift that, which needs the right `admin` or a person.',
    body: 'SetHouseGate',
    answer: 'GateView',
    run: ({ app, principal, body }) => app.desk.gates.setHouse(principal, body),
  },
  'GET /v1/seal': {
    right: 'status',
    summary: 'Is bhor sealed? Then no token leaves, and nobody logs in or renews.',
    answer: 'SealView',
    run: ({ app, principal }) => app.desk.house.sealed(principal),
  },
  'PUT /v1/seal': {
    right: 'admin',
    summary: 'Seal bhor, the panic button: only the user who runs it ends that, at the command line.',
    body: 'SetSeal',
    answer: 'SealView',
    run: ({ app, principal, body }) => app.desk.house.seal(principal, body),
  },
  'DELETE /v1/seal': {
    right: 'operator',
    summary: 'Unseal bhor.',
    answer: 'SealView',
    run: ({ app, principal }) => app.desk.house.unseal(principal),
  },
} satisfies Partial<Routes>
