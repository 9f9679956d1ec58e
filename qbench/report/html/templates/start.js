// What needs a script appears once there is one.

for (const element of document.querySelectorAll("button.needs-script")) element.hidden = false;
startTheme();
startTables();
load("series").then((data) => {
  if (document.getElementById("roster")) startSeries(data);
  else takeSeries(data);
  startCharts();
  startPrinting();
  startCircuits();
  startLinks();
  document.documentElement.dataset.ready = "yes";
}).catch((error) => {
  const status = document.getElementById("charts-status");
  if (status) say(error.message);
  startCircuits();
  startLinks();
});
