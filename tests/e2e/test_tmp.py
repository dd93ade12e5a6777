def test_page(page_as, screenshots):
    page = page_as("paijing1", "/console/")
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/stk/console.png")
    page = page_as("jiejing1", "/console/?panel=intake", typed=True)
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/stk/intake.png")
async def test_async_after():
    pass
