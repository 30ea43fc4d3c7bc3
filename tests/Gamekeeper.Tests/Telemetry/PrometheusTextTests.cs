using System.Diagnostics.Metrics;
using Gamekeeper.Telemetry.Prometheus;

namespace Gamekeeper.Tests.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new($"test.{Guid.CreateVersion7()}");
    private readonly PrometheusText _text;

    public PrometheusTextTests() => _text = new PrometheusText([_meter.Name]);

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_adds_up_by_labels_in_whatever_order_they_come()
    {
        var counter = _meter.CreateCounter<long>("trades.completed", unit: "{trade}", description: "Trades\nthat \\ended well.");
        counter.Add(2, new("game", "sg"), new("kind", "gift"));
        counter.Add(3, new("kind", "gift"), new("game", "sg"));
        counter.Add(5);

        var metric = Read("trades_completed_total");

        metric.Type.ShouldBe("counter");
        metric.Value("", ("game", "sg"), ("kind", "gift")).ShouldBe(5);
        metric.Value().ShouldBe(5);
        _text.Render().ShouldContain("# HELP trades_completed_total Trades\\nthat \\\\ended well.\n");
    }

    [Fact]
    public void Units_are_spelled_once()
    {
        _meter.CreateCounter<double>("cpu.time", unit: "s").Add(1.5);
        _meter.CreateGauge<long>("heap", unit: "By").Record(7);
        _meter.CreateGauge<double>("hits", unit: "1").Record(0.5);
        _meter.CreateGauge<double>("lag_seconds", unit: "s").Record(1);
        _meter.CreateCounter<long>("errors.total", unit: "{error}").Add(1);
        _meter.CreateCounter<long>("9.lives").Add(9);

        Parse().Select(m => m.Name).ShouldBe(["_9_lives_total", "cpu_time_seconds_total", "errors_total", "heap_bytes", "hits_ratio", "lag_seconds"]);
    }

    [Fact]
    public void A_histogram_counts_what_is_less_or_equal_to_its_advised_bounds()
    {
        var histogram = _meter.CreateHistogram("wait", unit: "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2] });
        foreach (var value in (double[])[0.1, 0.5, 0.6, 1, 2.5, double.PositiveInfinity, -1])
            histogram.Record(value, new KeyValuePair<string, object?>("le", "x"));

        var metric = Read("wait_seconds");

        metric.Type.ShouldBe("histogram");
        metric.Value("_bucket", ("exported_le", "x"), ("le", "0.5")).ShouldBe(3);
        metric.Value("_bucket", ("exported_le", "x"), ("le", "1")).ShouldBe(5);
        metric.Value("_bucket", ("exported_le", "x"), ("le", "2")).ShouldBe(5);
        metric.Value("_bucket", ("exported_le", "x"), ("le", "+Inf")).ShouldBe(7);
        metric.Value("_count", ("exported_le", "x")).ShouldBe(7);
    }

    [Fact]
    public void A_histogram_without_advice_has_the_usual_bounds()
    {
        _meter.CreateHistogram<int>("size").Record(3);

        Read("size").Samples.Count(s => s.Name == "size_bucket").ShouldBe(12);
        Read("size").Value("_sum").ShouldBe(3);
    }

    [Fact]
    public void Up_down_counters_add_and_observable_ones_state()
    {
        var up = _meter.CreateUpDownCounter<int>("queued");
        up.Add(5);
        up.Add(-7);
        var state = 41L;
        _meter.CreateObservableUpDownCounter("open", () => state);
        _meter.CreateObservableCounter("bytes", () => state, unit: "By");
        _text.Render();
        state = 42;

        var metrics = Parse();

        metrics.Single(m => m.Name == "queued").ShouldSatisfyAllConditions(m => m.Type.ShouldBe("gauge"), m => m.Value().ShouldBe(-2));
        metrics.Single(m => m.Name == "open").ShouldSatisfyAllConditions(m => m.Type.ShouldBe("gauge"), m => m.Value().ShouldBe(42));
        metrics.Single(m => m.Name == "bytes_total").ShouldSatisfyAllConditions(m => m.Type.ShouldBe("counter"), m => m.Value().ShouldBe(42));
    }

    [Fact]
    public void What_an_observable_instrument_reports_no_more_disappears()
    {
        string[] pools = ["a", "b"];
        _meter.CreateObservableGauge("pool", () => pools.Select(p => new Measurement<int>(1, new KeyValuePair<string, object?>("name", p))));
        Read("pool").Samples.Count.ShouldBe(2);
        pools = ["b"];

        Read("pool").Samples.ShouldHaveSingleItem().Labels["name"].ShouldBe("b");
    }

    [Fact]
    public void Label_values_carry_any_text_and_collisions_are_joined()
    {
        var counter = _meter.CreateCounter<long>("odd");
        counter.Add(1, new("text", "a\"b\\c\nd\r{}=,ж"), new("a.b", 1), new("a_b", true), new("none", null));
        counter.Add(1, new KeyValuePair<string, object?>("n", 1));
        counter.Add(1, new KeyValuePair<string, object?>("n", "1"));

        var metric = Read("odd_total");

        metric.Value("", ("text", "a\"b\\c\nd{}=,ж"), ("a_b", "1;true"), ("none", "")).ShouldBe(1);
        metric.Value("", ("n", "1")).ShouldBe(2);
    }

    [Fact]
    public void Series_beyond_the_limit_are_dropped_and_counted_while_the_known_ones_go_on()
    {
        var counter = _meter.CreateCounter<long>("scans");
        for (var player = 0; player < PrometheusText.MaxSeries + 25; player++)
            counter.Add(1, new KeyValuePair<string, object?>("player", player));
        counter.Add(1, new KeyValuePair<string, object?>("player", 0));

        var metrics = Parse();

        metrics.Single(m => m.Name == "scans_total").Samples.Count.ShouldBe(PrometheusText.MaxSeries);
        metrics.Single(m => m.Name == "scans_total").Value("", ("player", "0")).ShouldBe(2);
        metrics.Single(m => m.Name == "gamekeeper_metrics_dropped_total").Value("", ("metric", "scans_total"), ("reason", "series_limit")).ShouldBe(25);
    }

    [Fact]
    public void Negative_and_missing_numbers_spoil_no_sum()
    {
        var counter = _meter.CreateCounter<double>("earned");
        counter.Add(3);
        counter.Add(-1);
        counter.Add(double.NaN);
        var histogram = _meter.CreateHistogram<double>("took");
        histogram.Record(1);
        histogram.Record(double.NaN);
        _meter.CreateGauge<double>("ratio.now").Record(double.NaN);

        var metrics = Parse();

        metrics.Single(m => m.Name == "earned_total").Value().ShouldBe(3);
        metrics.Single(m => m.Name == "took").Value("_sum").ShouldBe(1);
        metrics.Single(m => m.Name == "ratio_now").Value().ShouldBe(double.NaN);
        var dropped = metrics.Single(m => m.Name == "gamekeeper_metrics_dropped_total");
        dropped.Value("", ("metric", "earned_total"), ("reason", "negative")).ShouldBe(1);
        dropped.Value("", ("metric", "earned_total"), ("reason", "not_a_number")).ShouldBe(1);
        dropped.Value("", ("metric", "took"), ("reason", "not_a_number")).ShouldBe(1);
    }

    [Fact]
    public void One_name_is_printed_once_whoever_brings_it()
    {
        using var again = new Meter(_meter.Name);
        _meter.CreateCounter<long>("requests").Add(1);
        again.CreateCounter<long>("requests").Add(1);
        again.CreateGauge<long>("requests_total").Record(7);

        var metrics = Parse();

        metrics.Single(m => m.Name == "requests_total").Value().ShouldBe(2);
        metrics.Single(m => m.Name == "gamekeeper_metrics_dropped_total").Value("", ("metric", "requests_total"), ("reason", "name_taken")).ShouldBe(1);
    }

    [Fact]
    public void An_instrument_that_fails_hides_no_other()
    {
        _meter.CreateObservableGauge("broken", new Func<int>(() => throw new InvalidOperationException("planted")));
        _meter.CreateObservableGauge("sound", () => 1);

        var metrics = Parse();

        metrics.ShouldContain(m => m.Name == "sound");
        metrics.Single(m => m.Name == "gamekeeper_metrics_dropped_total").Value("", ("metric", "observable instruments"), ("reason", "callback_failed")).ShouldBe(1);
    }

    [Fact]
    public async Task Many_threads_lose_nothing()
    {
        var counter = _meter.CreateCounter<long>("hits");
        var histogram = _meter.CreateHistogram<double>("took");
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(t =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 10_000; i++)
                        {
                            counter.Add(1, new KeyValuePair<string, object?>("lane", i % 50));
                            histogram.Record(0.25);
                            if (i % 1000 == 0)
                                Parse();
                        }
                    })
                )
        );

        Read("hits_total").Samples.Sum(s => s.Value).ShouldBe(80_000);
        Read("took").Value("_count").ShouldBe(80_000);
        Read("took").Value("_sum").ShouldBe(20_000);
    }

    [Fact]
    public void A_measurement_of_a_known_series_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>("hot");
        var histogram = _meter.CreateHistogram<double>("hot.time");
        object lane = "lane-1";
        Burst(100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Burst(1000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Burst(int times)
        {
            for (var i = 0; i < times; i++)
            {
                counter.Add(1, new("lane", lane), new("kind", "x"));
                histogram.Record(0.1, new KeyValuePair<string, object?>("lane", lane));
            }
        }
    }

    [Fact]
    public void The_runtime_s_own_meter_can_be_read()
    {
        using var text = new PrometheusText();

        ExpositionParser.Parse(text.Render()).ShouldContain(m => m.Name == "dotnet_process_cpu_time_seconds_total" && m.Type == "counter");
    }

    private IReadOnlyList<ParsedMetric> Parse() => ExpositionParser.Parse(_text.Render());

    private ParsedMetric Read(string name) => Parse().Single(m => m.Name == name);
}
