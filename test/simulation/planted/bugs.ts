import type { PlantedBug } from './bug.ts'
import { handOutBugs } from './hand-out-bugs.ts'
import { keeperBugs } from './keeper-bugs.ts'
import { loginBugs } from './login-bugs.ts'
import { storeBugs } from './store-bugs.ts'
import { wallBugs } from './wall-bugs.ts'

/** All of them, by what they break. */
export const plantedBugs: readonly PlantedBug[] = [
  ...loginBugs,
  ...handOutBugs,
  ...keeperBugs,
  ...storeBugs,
  ...wallBugs,
]
