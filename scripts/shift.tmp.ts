import { dashboardFolder } from '/work/main/src/cli/dashboard-folder.ts'
import { signInUrl } from '/work/main/src/http/routes/sign-in.ts'
import { serveDesk } from '/work/main/src/http/server.ts'
import { launchBrowser, standStillAt } from '/work/main/test/support/browser.ts'
import { openWorld } from '/work/main/test/support/world.ts'
const world = await openWorld({ env: { BHOR_ROLL_CALL_ACCOUNTS: 'all' } })
const server = await serveDesk({ app: world.app, dashboardFolder })
const browser = await launchBrowser()
const n = Number(process.argv[2] ?? 20)
for (let i=1;i<=n;i++){ await world.addAccount({account:'demo'+i, kind:'sandbox', settings:{group:'family '+i%2}}); if (i%5) await world.logIn('demo'+i) }
for (const viewport of [{width:390,height:844},{width:1280,height:900}]) {
const page = await browser.newPage({ viewport })
await standStillAt(page, world.clock.nowMs())
await page.addInitScript(() => {
  (globalThis as any).log=[]
  new PerformanceObserver((l)=>{ for (const e of l.getEntries() as any[]) (globalThis as any).log.push(`${Math.round(e.startTime)} ${e.value.toFixed(3)} ${e.hadRecentInput} `+e.sources.map((s:any)=>`${s.node?.className||s.node?.nodeName}:${s.previousRect.x},${s.previousRect.y},${s.previousRect.height}->${s.currentRect.x},${s.currentRect.y},${s.currentRect.height}`).join(' ; ')) }).observe({type:'layout-shift',buffered:true})
})
await page.goto(signInUrl(server.signIns.newLink()))
await page.locator('[data-account="demo1"]').waitFor()
await page.waitForTimeout(1500)
console.log(viewport.width, (await page.evaluate(()=>(globalThis as any).log)).join('\n'))
await page.screenshot({path:`/tmp/s-${viewport.width}-${n}.png`})
await page.close()
}
await browser.close(); await server[Symbol.asyncDispose](); await world[Symbol.asyncDispose]()
