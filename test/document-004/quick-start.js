// "Basic Authentication Flow"
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Logger, UpstoxAuthenticator } from 'bhor/upstox'

Logger.setup({ logFile: join(homedir(), '.hft', 'logs', 'hft.log') })

const auth = new UpstoxAuthenticator()

if (auth.isAuthenticated()) {
  console.log('Already logged in!')
  console.log(await auth.getStatus())
} else {
  const loginUrl = auth.getLoginUrl('random_state_string')
  console.log(`Visit: ${loginUrl}`)

  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const authCode = await terminal.question('Enter authorization code: ')
  terminal.close()

  if (await auth.authenticate(authCode)) {
    console.log('\nAuthentication successful!')
    console.log(`Access Token: ${await auth.getToken()}`)
  } else {
    console.log('\nAuthentication failed')
  }
}
