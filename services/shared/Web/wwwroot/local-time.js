// Writes every instant of the page in the reader's own time zone. Without this script it stands there in UTC.
"use strict";
const forms = {
  full: { dateStyle: "medium", timeStyle: "short" },
  day: { dateStyle: "long" },
  time: { timeStyle: "short" },
};
for (const time of document.querySelectorAll("time[datetime][data-show]")) {
  const form = new Intl.DateTimeFormat(document.documentElement.lang, forms[time.dataset.show] ?? forms.full);
  time.textContent = form.format(new Date(time.dateTime));
}
