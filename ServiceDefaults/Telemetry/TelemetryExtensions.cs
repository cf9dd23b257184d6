using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and redacted logs; sent by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
public static class TelemetryExtensions
{
    /// <summary>Every meter and activity source of ours starts with this.</summary>
    public const string SourcePrefix = "WpAsis.";

    internal static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        builder.Logging.EnableRedaction();
        // A redactor that is not there lets the value through: everything classified is erased, whatever its class.
        builder.Services.AddRedaction(redaction => redaction.SetFallbackRedactor<ErasingRedactor>());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = false;
        });

        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService(service, serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId)
            )
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("Npgsql", "MassTransit", SourcePrefix + "*")
            )
            .WithTracing(traces =>
                traces
                    .AddSource("MassTransit", SourcePrefix + "*")
                    .AddNpgsql()
                    .AddHttpClientInstrumentation()
                    .AddAspNetCoreInstrumentation(options =>
                        options.Filter = context => context.Request.Path != "/health" && context.Request.Path != "/alive"
                    )
            );

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }
}
