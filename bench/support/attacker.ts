// One attack, for attacking.ts: attacker.ts <name> <port>
import { type AttackName, attack } from './attacks.ts'

const [name, port] = process.argv.slice(2)
const opened = attack(name as AttackName, Number(port))
setInterval(() => process.send?.(opened()), 50)
process.once('disconnect', () => process.exit())
