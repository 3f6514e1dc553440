// Draws the bars and, over each clip, its tracks with what was found. All data come from the page; nothing is fetched.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const seriesColor = index => color(`--t${index % 6}`);

  // Clips: each track up to now; red rings and the law's name while a law is broken.
  document.querySelectorAll('video[data-clip]').forEach(video => {
    const clip = data.clips[video.dataset.clip], canvas = video.nextElementSibling;
    const brokenAt = (track, t) =>
      clip.violations.filter(v => (v.track == null || v.track === track) && t >= v.from - clip.frame / 2 && t <= v.to + clip.frame / 2);
    function draw(now) {
      const box = canvas.getBoundingClientRect(), ratio = devicePixelRatio || 1;
      canvas.width = box.width * ratio;
      canvas.height = box.height * ratio;
      const scale = Math.min(canvas.width / clip.width, canvas.height / clip.height), g = canvas.getContext('2d');
      g.setTransform(scale, 0, 0, scale, (canvas.width - scale * clip.width) / 2, (canvas.height - scale * clip.height) / 2);
      clip.tracks.forEach((track, index) => {
        const seen = track.points.filter(p => p.t <= now + clip.frame / 2), last = seen[seen.length - 1];
        g.lineWidth = 1.5 / scale * ratio;
        g.setLineDash(track.isBody ? [] : [2 / scale * ratio, 3 / scale * ratio]);
        g.strokeStyle = seriesColor(index);
        g.beginPath();
        seen.forEach((p, k) => k === 0 ? g.moveTo(p.x, p.y) : g.lineTo(p.x, p.y));
        g.stroke();
        g.setLineDash([]);
        if (!last) return;
        const broken = brokenAt(track.id, now);
        if (broken.length === 0 && now - last.t > 2 * clip.frame) return;
        g.strokeStyle = broken.length ? color('--bad') : seriesColor(index);
        g.lineWidth = 2.5 / scale * ratio;
        g.beginPath();
        g.arc(last.x, last.y, track.radius, 0, 2 * Math.PI);
        g.stroke();
        if (!broken.length) return;
        g.font = `600 ${13 / scale * ratio}px system-ui, sans-serif`;
        const name = broken[0].law.replaceAll('-', ' '), width = g.measureText(name).width;
        const x = Math.min(Math.max(last.x - width / 2, 2), clip.width - width - 2), y = Math.max(last.y - track.radius - 5 / scale * ratio, 14 / scale * ratio);
        g.lineWidth = 3 / scale * ratio;
        g.strokeStyle = 'rgba(0, 0, 0, .7)';
        g.strokeText(name, x, y);
        g.fillStyle = '#ffb4ac';
        g.fillText(name, x, y);
      });
    }
    const follow = () => {
      draw(video.currentTime);
      if (video.requestVideoFrameCallback) video.requestVideoFrameCallback((_, frame) => { draw(frame.mediaTime); follow(); });
    };
    video.addEventListener('loadeddata', follow);
    video.addEventListener('seeked', () => draw(video.currentTime));
    addEventListener('resize', () => draw(video.currentTime));
    video.closest('.player').querySelectorAll('[data-seek]').forEach(button => button.addEventListener('click', () => {
      video.pause();
      video.currentTime = Number(button.dataset.seek);
    }));
    // The first thing to be seen is where something is wrong.
    const first = clip.violations.map(v => v.from).sort((a, b) => a - b)[0];
    video.addEventListener('loadedmetadata', () => { video.currentTime = first === undefined ? clip.duration / 3 : Math.min(first, clip.duration); }, {once: true});
  });

  // Bars with their intervals, and a line for the goal.
  const whiskers = {
    id: 'whiskers',
    afterDatasetsDraw(chart) {
      const {ctx, scales, chartArea} = chart, spec = chart.options.spec;
      ctx.save();
      ctx.strokeStyle = color('--ink');
      ctx.lineWidth = 1.2;
      spec.series.forEach((series, index) => {
        chart.getDatasetMeta(index).data.forEach((bar, k) => {
          const low = series.low[k], high = series.high[k];
          if (low == null || high == null || chart.isDatasetVisible && !chart.isDatasetVisible(index)) return;
          const from = scales.x.getPixelForValue(low), to = scales.x.getPixelForValue(high), h = Math.min(4, bar.height / 3);
          ctx.beginPath();
          ctx.moveTo(from, bar.y);
          ctx.lineTo(to, bar.y);
          for (const x of [from, to]) { ctx.moveTo(x, bar.y - h); ctx.lineTo(x, bar.y + h); }
          ctx.stroke();
        });
      });
      if (spec.mark != null) {
        const x = scales.x.getPixelForValue(spec.mark);
        ctx.setLineDash([4, 3]);
        ctx.strokeStyle = color('--quiet');
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
  // Lines over a common axis.
  function curves(canvas) {
    const spec = data.curves[canvas.dataset.curves];
    const axis = (title, type) => ({type, grid: {color: color('--line'), drawBorder: false}, ticks: {color: color('--quiet'), maxTicksLimit: 9},
      title: {display: true, text: title, color: color('--quiet')}});
    return new Chart(canvas, {
      type: 'line',
      data: {
        datasets: spec.lines.map((line, index) => ({
          label: line.name, data: line.points, pointRadius: 0, pointHitRadius: 6, borderWidth: line.isFaint ? 1 : 2, order: line.isFaint ? 1 : 0,
          borderColor: line.isFaint ? color('--line') : seriesColor(index), backgroundColor: line.isFaint ? color('--line') : seriesColor(index),
        })),
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, interaction: {mode: 'nearest', axis: 'x', intersect: false},
        scales: {x: axis(spec.across, 'linear'), y: axis(spec.upwards, spec.isLogarithmic ? 'logarithmic' : 'linear')},
        plugins: {
          legend: {display: spec.lines.length > 1, labels: {color: color('--ink'), boxWidth: 12}},
          tooltip: {callbacks: {title: () => '', label: item => `${item.dataset.label}: ${item.parsed.y.toPrecision(4)} at ${item.parsed.x}`}},
        },
      },
    });
  }
  const charts = [];
  function drawAll() {
    charts.splice(0).forEach(chart => chart.destroy());
    document.querySelectorAll('canvas[data-curves]').forEach(canvas => charts.push(curves(canvas)));
    document.querySelectorAll('canvas[data-chart]').forEach(canvas => {
      const spec = data.charts[canvas.dataset.chart];
      charts.push(new Chart(canvas, {
        type: 'bar',
        data: {
          labels: spec.labels,
          datasets: spec.series.map((series, index) => ({
            label: series.name, data: series.values, backgroundColor: series.isReference ? color('--line') : seriesColor(index),
            borderColor: series.isReference ? color('--quiet') : seriesColor(index), borderWidth: series.isReference ? 1 : 0,
            maxBarThickness: 14, categoryPercentage: .78, barPercentage: .9,
          })),
        },
        plugins: [whiskers],
        options: {
          spec, indexAxis: 'y', animation: false, responsive: true, maintainAspectRatio: false,
          scales: {
            x: {min: spec.from, max: spec.to, grid: {color: color('--line'), drawBorder: false}, ticks: {color: color('--quiet')},
              title: {display: Boolean(spec.unit), text: spec.unit, color: color('--quiet')}},
            y: {grid: {display: false}, ticks: {color: color('--ink'), autoSkip: false}},
          },
          plugins: {
            legend: {display: spec.series.length > 1, labels: {color: color('--ink'), boxWidth: 12}},
            tooltip: {callbacks: {label: item => `${item.dataset.label}: ${item.parsed.x.toPrecision(3)} ${spec.unit}`}},
          },
        },
      }));
    });
  }
  drawAll();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  matchMedia('print').addEventListener('change', drawAll);
})();
