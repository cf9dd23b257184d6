using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WpAsis.Privacy.Logging;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and redacted logs; sent by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
public static class TelemetryExtensions
{
    /// <summary>Every meter and activity source of ours starts with this.</summary>
    public const string SourcePrefix = "WpAsis.";

    internal static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // The framework's line per request says nothing that the trace does not.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // Each retry would print a stack trace; who asked logs the outcome.
        builder.Logging.AddFilter("Polly", LogLevel.None);
        builder.Logging.EnableRedaction();
        builder.Services.AddWpAsisRedaction();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = false;
            logs.AddProcessor(new ForgetExceptionWords());
        });
        ConsoleLines.Use(builder.Logging);

        // Any other propagator is written by the instrumentation itself, also where a handler of ours was told to send none.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                // The last word is the host's: it knows which replica this is.
                resource
                    .AddService(service, serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId)
                    .AddEnvironmentVariableDetector()
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
                    // Who calls from outside does not decide what is recorded.
                    .SetSampler(new AlwaysOnSampler())
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
