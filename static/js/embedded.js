// Tells the page that frames this one how high it is, so that nobody scrolls inside a frame.
const tell = () => parent.postMessage({ height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
new ResizeObserver(tell).observe(document.body);
