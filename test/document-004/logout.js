// "Logout"
import { UpstoxAuthenticator } from 'bhor/upstox'

const auth = new UpstoxAuthenticator()
await auth.logout()
console.log('Logged out successfully')
