import { words } from '../words/words.ts'

export function PortfolioPage() {
  return <h1 class="headline">{words.shell.pages.portfolio}</h1>
}
