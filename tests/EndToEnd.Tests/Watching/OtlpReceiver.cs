using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>A span as it was exported.</summary>
public sealed record ExportedSpan(
    string Service,
    string Instance,
    string TraceId,
    string Name,
    IReadOnlyDictionary<string, string> Attributes
);

/// <summary>Receives the telemetry of every process as a collector would, and keeps it as it came.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> _traces = new();
    private readonly ConcurrentQueue<byte[]> _metrics = new();
    private readonly ConcurrentQueue<byte[]> _logs = new();
    private WebApplication? _app;

    /// <summary>All bodies with what they are.</summary>
    public IEnumerable<(string What, byte[] Body)> Bodies =>
        _traces
            .Select(body => ("span", body))
            .Concat(_metrics.Select(body => ("metric", body)))
            .Concat(_logs.Select(body => ("log record", body)));

    /// <summary>Listens, and lets the processes that are started from now on know where.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        Map("/v1/traces", _traces);
        Map("/v1/metrics", _metrics);
        Map("/v1/logs", _logs);
        await _app.StartAsync(CancellationToken.None);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single());
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        Environment.SetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL", "2000");
        Environment.SetEnvironmentVariable("OTEL_BSP_SCHEDULE_DELAY", "500");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    /// <summary>The spans of a trace so far.</summary>
    public IReadOnlyList<ExportedSpan> SpansOf(string traceId)
    {
        var id = Convert.FromHexString(traceId);
        return [.. _traces.Where(body => body.AsSpan().IndexOf(id) >= 0).SelectMany(ReadSpans).Where(span => span.TraceId == traceId)];
    }

    /// <summary>How many spans of this name each process of a service has exported, over all its lives.</summary>
    public IReadOnlyDictionary<string, int> CountSpans(string service, string name) =>
        _traces
            .SelectMany(ReadSpans)
            .Where(span => span.Service == service && span.Name.Contains(name, StringComparison.Ordinal))
            .GroupBy(span => span.Instance, StringComparer.Ordinal)
            .ToDictionary(spans => spans.Key, spans => spans.Count(), StringComparer.Ordinal);

    /// <summary>What a counter of a service has reached, over all its processes and lives, where its points carry an attribute.</summary>
    public double Sum(string service, string metric, string attribute, string value)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(metric);
        return _metrics
            .Where(body => body.AsSpan().IndexOf(name) >= 0)
            .SelectMany(body => ReadSums(body, service, metric))
            .Where(point => point.Attributes.GetValueOrDefault(attribute) == value)
            .GroupBy(point => point.Series, StringComparer.Ordinal)
            .Sum(series => series.Max(point => point.Value));
    }

    private void Map(string path, ConcurrentQueue<byte[]> bodies) =>
        _app!.MapPost(
            path,
            async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
                bodies.Enqueue(body.ToArray());
                return Results.Bytes([], "application/x-protobuf");
            }
        );

    // ExportTraceServiceRequest.resource_spans(1) {resource(1) {attributes(1)}, scope_spans(2) {spans(2)}}
    private static IEnumerable<ExportedSpan> ReadSpans(byte[] body)
    {
        foreach (var ofResource in ProtoField.Of(body).Below(1))
        {
            var resource = ofResource.Below(1).Single().Attributes(1);
            var service = resource.GetValueOrDefault("service.name", "");
            var instance = resource.GetValueOrDefault("service.instance.id", "");
            foreach (var span in ofResource.Below(2).SelectMany(scope => scope.Below(2)))
                yield return new(service, instance, span.At(1).Hex, span.At(5).Text, span.Attributes(9));
        }
    }

    // Metric {name(1), sum(7) {data_points(1) {as_int(6), start_time(2), attributes(7)}}}; the sums are cumulative.
    private static IEnumerable<(string Series, Dictionary<string, string> Attributes, double Value)> ReadSums(
        byte[] body,
        string service,
        string metric
    )
    {
        foreach (var ofResource in ProtoField.Of(body).Below(1))
        {
            var resource = ofResource.Below(1).Single().Attributes(1);
            if (resource.GetValueOrDefault("service.name") != service)
                continue;
            var metrics = ofResource.Below(2).SelectMany(scope => scope.Below(2)).Where(found => found.At(1).Text == metric);
            foreach (var point in metrics.SelectMany(found => found.Below(7)).SelectMany(sum => sum.Below(1)))
            {
                var attributes = point.Attributes(7);
                var start = point.At(2).Value.ToString(CultureInfo.InvariantCulture);
                var series = $"{resource.GetValueOrDefault("service.instance.id")} {start} {string.Join(',', attributes)}";
                yield return (series, attributes, (long)point.At(6).Value);
            }
        }
    }
}
