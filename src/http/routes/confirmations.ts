import type { Routes } from './route.ts'

export const confirmationRoutes = {
  'POST /v1/desk/confirmation': {
    right: 'person',
    summary:
      'How to confirm something dangerous: by the passphrase, or by `bhor desk confirm` with this code.',
    body: 'AskConfirmation',
    answer: 'Confirmation',
    run: ({ app, principal, body }) => app.desk.confirmations.ask(principal, body.act),
  },
  'GET /v1/desk/confirmation': {
    right: 'person',
    summary: 'Until when what was confirmed last counts, and whether there is a passphrase to confirm with.',
    answer: 'Fresh',
    isWaiting: true,
    run: ({ app, principal }) => app.desk.confirmations.state(principal),
  },
  'POST /v1/desk/confirmation/passphrase': {
    right: 'person',
    summary: 'Confirm by the passphrase: good for 5 minutes.',
    body: 'GivePassphrase',
    run: ({ app, principal, body }) => app.desk.confirmations.byPassphrase(principal, body.passphrase),
  },
  'POST /v1/desk/confirmation/{code}': {
    right: 'operator',
    summary: 'Confirm what a page asks for: good for 5 minutes.',
    answer: 'Confirmed',
    run: ({ app, principal, params }) => app.desk.confirmations.byOperator(principal, params.code),
  },
  'PUT /v1/desk/passphrase': {
    right: 'person',
    summary: 'Set the passphrase by which the page confirms, or take it away.',
    body: 'SetPassphrase',
    run: ({ app, principal, body }) => app.desk.confirmations.setPassphrase(principal, body.passphrase),
  },
} satisfies Partial<Routes>
