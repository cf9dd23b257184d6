// The switch keeps its choice in a cookie of this host, so that every page follows it.
for (const link of document.querySelectorAll("a[data-lang]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.cookie = `sandbox-lang=${link.dataset.lang}; path=/; max-age=31536000; samesite=strict; secure`;
    const url = new URL(location.href);
    url.searchParams.delete("lang");
    location.assign(url);
  });
}
