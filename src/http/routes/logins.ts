import type { Routes } from './route.ts'

export const loginRoutes = {
  'POST /v1/accounts/{account}/login': {
    right: 'login',
    summary: 'Start a login: the answer names the broker’s page to open, or what to ask for.',
    body: 'LoginStart',
    answer: 'LoginStarted',
    status: 201,
    run: ({ app, principal, params, body }) =>
      app.desk.logins.start(principal, params.account, { via: 'api', ...body }),
  },
  'POST /v1/accounts/{account}/login/complete': {
    right: 'login',
    summary: 'Finish a login with the address where the browser ended.',
    body: 'LoginComplete',
    answer: 'AccountView',
    run: ({ app, principal, params, body }) => app.desk.logins.paste(principal, params.account, body.address),
  },
  'GET /v1/accounts/{account}/login/{login}': {
    right: 'login',
    summary: 'How a login stands.',
    answer: 'LoginView',
    run: ({ app, principal, params }) => app.desk.logins.get(principal, params.account, params.login),
  },
  'POST /v1/accounts/{account}/login/{login}/answers': {
    right: 'login',
    summary: 'Answer what a login asks for.',
    body: 'LoginAnswers',
    answer: 'LoginView',
    run: ({ app, principal, params, body }) =>
      app.desk.logins.answer(principal, params.account, params.login, body.answers),
  },
  'POST /v1/accounts/{account}/confirm': {
    right: 'person',
    summary: 'Say that the person who logged in from outside is the right one.',
    body: 'Confirm',
    answer: 'AccountView',
    run: ({ app, principal, params, body }) =>
      app.desk.logins.confirm(principal, params.account, body.userId),
  },
  'POST /v1/accounts/{account}/hook': {
    right: 'person',
    summary:
      'Make a new secret path at the porch, to which the broker posts what is approved. Shown this once.',
    answer: 'HookAdded',
    status: 201,
    run: ({ app, principal, params }) => app.desk.hooks.make(principal, params.account),
  },
  'POST /v1/accounts/{account}/prompt': {
    right: 'person',
    summary:
      'A link at the porch, like a reminder’s: it works once, for this account, and whoever opens it logs in wherever he is.',
    answer: 'LoginLink',
    status: 201,
    run: ({ app, principal, params }) => app.desk.prompts.make(principal, params.account),
  },
  'DELETE /v1/accounts/{account}/login/{login}': {
    right: 'login',
    summary: 'Cancel a login that waits.',
    run: ({ app, principal, params }) => app.desk.logins.cancel(principal, params.account, params.login),
  },
} satisfies Partial<Routes>
