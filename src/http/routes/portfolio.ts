import type { Routes } from './route.ts'

export const portfolioRoutes = {
  'GET /v1/portfolio': {
    right: 'portfolio',
    summary:
      'Holdings, positions and funds of every account, and exact sums by kind and household member. What is missing says why.',
    answer: 'PortfolioView',
    run: ({ app, principal }) => app.desk.portfolios.view(principal),
  },
  'GET /v1/accounts/{account}/orders': {
    right: 'portfolio',
    summary: 'The orders of the day, with positions, funds, gate and limits of the account.',
    answer: 'AccountOrders',
    run: ({ app, principal, params }) => app.desk.portfolios.orders(principal, params.account),
  },
} satisfies Partial<Routes>
