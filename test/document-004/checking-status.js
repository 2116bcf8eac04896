// "Checking Token Status"
import { UpstoxAuthenticator } from 'bhor/upstox'

const auth = new UpstoxAuthenticator()

if (auth.isAuthenticated()) {
  const status = await auth.getStatus()
  console.log(JSON.stringify(status))
}

if (await auth.tokenManager.refreshIfNeeded()) {
  console.log('Token is still valid')
} else {
  console.log('Token expired, need to re-authenticate')
}
