import { plantedBugs } from './bugs.ts'
import { plantHere } from './plant.ts'

// Loaded before a test file: `--import file:…/in-test.ts?bug=NAME`.
const name = new URL(import.meta.url).searchParams.get('bug')
plantHere(plantedBugs.find((bug) => bug.name === name)!.edits)
