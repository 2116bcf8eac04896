// "Using the Access Token"
import { Config, UpstoxAuthenticator } from 'bhor/upstox'

// Token is automatically reused across restarts
const auth = new UpstoxAuthenticator()

if (auth.isAuthenticated()) {
  const token = await auth.getToken()
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' }
  const response = await fetch(`${Config.UPSTOX_BASE_URL}/v2/user/profile`, { headers })
  console.log((await response.json()).status)
}
