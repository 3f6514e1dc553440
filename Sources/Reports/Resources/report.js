// Draws the tracks over the clip and the two charts. All data come from the page; nothing is fetched.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const trackColor = index => color(`--t${index % 6}`);

  // The overlay: each track up to now, its last quarter second bright.
  const video = document.getElementById('clip');
  const overlay = document.getElementById('overlay');
  const violationAt = (track, t) =>
    data.violations.some(v => (v.track === null || v.track === track) && t >= v.from - data.frame / 2 && t <= v.to + data.frame / 2);
  function drawOverlay(now) {
    const box = overlay.getBoundingClientRect(), ratio = devicePixelRatio || 1;
    overlay.width = box.width * ratio;
    overlay.height = box.height * ratio;
    const scale = Math.min(overlay.width / data.width, overlay.height / data.height);
    const g = overlay.getContext('2d');
    g.setTransform(scale, 0, 0, scale, (overlay.width - scale * data.width) / 2, (overlay.height - scale * data.height) / 2);
    data.tracks.forEach((track, index) => {
      const seen = track.points.filter(p => p.t <= now + data.frame / 2);
      g.strokeStyle = trackColor(index);
      g.lineWidth = 1.5 / scale * ratio;
      g.setLineDash(track.isBody ? [] : [2 / scale * ratio, 3 / scale * ratio]);
      g.beginPath();
      seen.forEach((p, k) => k === 0 ? g.moveTo(p.x, p.y) : g.lineTo(p.x, p.y));
      g.stroke();
      g.setLineDash([]);
      const p = seen[seen.length - 1];
      if (!track.isBody || !p || now - p.t > 2 * data.frame) return;
      g.strokeStyle = violationAt(track.id, p.t) ? color('--bad') : trackColor(index);
      g.lineWidth = 2.5 / scale * ratio;
      g.beginPath();
      g.arc(p.x, p.y, Math.max(2, 2 * p.s, track.radius), 0, 2 * Math.PI);
      g.stroke();
    });
  }
  function follow() {
    drawOverlay(video.currentTime);
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback((_, frame) => { drawOverlay(frame.mediaTime); follow(); });
  }
  video.addEventListener('loadeddata', follow);
  video.addEventListener('seeked', () => drawOverlay(video.currentTime));
  addEventListener('resize', () => drawOverlay(video.currentTime));
  document.querySelectorAll('[data-seek]').forEach(button => button.addEventListener('click', () => {
    video.pause();
    video.currentTime = Number(button.dataset.seek);
    video.scrollIntoView({behavior: 'smooth', block: 'center'});
  }));

  // The charts: violations as a shade behind, measurements as dots, fits as lines.
  const shade = {
    id: 'violations',
    beforeDatasetsDraw(chart) {
      const {ctx, chartArea, scales} = chart;
      ctx.save();
      ctx.fillStyle = color('--shade');
      for (const v of data.violations) {
        const from = scales.x.getPixelForValue(v.from - data.frame / 2), to = scales.x.getPixelForValue(v.to + data.frame / 2);
        const left = Math.max(from, chartArea.left), right = Math.min(Math.max(to, from + 3), chartArea.right);
        if (right > left) ctx.fillRect(left, chartArea.top, right - left, chartArea.bottom - chartArea.top);
      }
      ctx.restore();
    },
  };
  const charts = [];
  // Only bodies have a height and an energy to speak of; shadows and changing outlines are left out where there are any.
  const bodies = data.tracks.filter(track => track.isBody);
  const charted = bodies.length ? bodies : data.tracks;
  function draw(id, key, unit) {
    const datasets = charted.flatMap(track => [
      {label: `track ${track.id}`, data: track[key].measured, showLine: false, pointRadius: 2.2, pointHoverRadius: 4,
        borderColor: trackColor(track.color), backgroundColor: trackColor(track.color)},
      {label: `track ${track.id}, fit`, data: track[key].fitted, showLine: true, pointRadius: 0, pointHitRadius: 0, borderWidth: 1.5, spanGaps: false,
        borderColor: trackColor(track.color), backgroundColor: 'transparent'},
    ]);
    const axis = title => ({
      type: 'linear', grid: {color: color('--line'), drawBorder: false}, ticks: {color: color('--quiet')},
      title: {display: Boolean(title), text: title, color: color('--quiet')},
    });
    charts.push(new Chart(document.getElementById(id), {
      type: 'scatter', data: {datasets}, plugins: [shade],
      options: {
        animation: false, responsive: true, maintainAspectRatio: false,
        scales: {x: {...axis('seconds'), min: 0, max: data.duration}, y: axis(unit)},
        plugins: {
          legend: {display: charted.length > 1, labels: {color: color('--ink'), boxWidth: 10, filter: item => !item.text.endsWith('fit')}},
          tooltip: {callbacks: {label: item => `${item.dataset.label}: ${item.parsed.y.toPrecision(4)} ${unit} at ${item.parsed.x.toFixed(3)} s`}},
        },
      },
    }));
  }
  function drawAll() {
    charts.splice(0).forEach(chart => chart.destroy());
    draw('height', 'height', data.lengthUnit);
    draw('energy', 'energy', data.energyUnit);
  }
  drawAll();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  matchMedia('print').addEventListener('change', drawAll);
})();
