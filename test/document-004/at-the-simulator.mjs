// The programs of the document call Upstox; here they call the simulator, and nothing else.
import '../support/from-sources.mjs'

const { Config } = await import('bhor/upstox')
Config.UPSTOX_BASE_URL = process.env.SIMULATED_UPSTOX
