import { type ApiParts, rowOf } from './answer.ts'
import { callbackRows } from './callback.ts'
import { checkRows } from './checks.ts'
import { dashboardRows } from './dashboard.ts'
import type { Part } from './doors.ts'
import { keyFrameRows } from './key-frame.ts'
import { loginPageRows } from './pages.ts'
import { porchRows } from './porch.ts'
import { promptRows } from './prompts.ts'
import { allRoutes } from './routes/all.ts'
import type { Row } from './table.ts'

export interface DeskParts extends ApiParts {
  /** Where the built dashboard is; none for a bhor that has no page. */
  readonly dashboardFolder?: string
}

/** The rows of every part of the route table. */
export const rowsOf: Readonly<Record<Part, (parts: DeskParts) => readonly Row[]>> = {
  api: (parts) => allRoutes.map((route) => rowOf(route, parts)),
  checks: ({ app }) => checkRows(app),
  pages: ({ dashboardFolder, returns, addresses }) =>
    dashboardFolder === undefined
      ? []
      : [...dashboardRows(dashboardFolder, addresses), ...keyFrameRows(returns)],
  porch: ({ app }) => porchRows(app),
  callbacks: ({ app }) => [...loginPageRows, ...callbackRows(app), ...promptRows(app)],
}
