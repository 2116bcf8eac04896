import type { Scenario } from '../scenario.ts'
import { families } from './families.ts'
import { keys } from './keys.ts'
import { lives } from './lives.ts'
import { logins } from './logins.ts'
import { mirrors } from './mirrors.ts'
import { processes } from './processes.ts'
import { renewals } from './renewals.ts'
import { settings } from './settings.ts'
import { stops } from './stops.ts'

export const scenarios: readonly Scenario[] = [
  logins,
  families,
  renewals,
  lives,
  stops,
  keys,
  settings,
  mirrors,
  processes,
].flat()
