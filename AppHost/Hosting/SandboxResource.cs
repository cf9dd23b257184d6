// The sandbox's mail relay shows a PEM certificate, and Aspire gives one only by an interface that may still change.
#pragma warning disable ASPIRECERTIFICATES001

using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace WpAsis.AppHost.Hosting;

/// <summary>The provider sandbox: Meta, the model, Stripe, a mail relay and a phone, on a developer's machine only.</summary>
internal static class SandboxResource
{
    /// <summary>Endpoint that plays Stripe.</summary>
    public const string Stripe = "stripe";

    /// <summary>Endpoint that plays the mail relay.</summary>
    public const string Mail = "mail";

    /// <summary>In run mode, unless <c>--sandbox false</c> says that the providers are real. A deployment never has it.</summary>
    public static bool HasSandbox(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode && builder.Configuration.GetValue("sandbox", defaultValue: true);

    /// <summary>Adds it at its ports of the block.</summary>
    public static IResourceBuilder<ProjectResource> AddSandbox<TProject>(this IDistributedApplicationBuilder builder)
        where TProject : IProjectMetadata, new()
    {
        var sandbox = builder
            .AddProject<TProject>("sandbox", options => options.ExcludeLaunchProfile = true)
            .WithHttpsEndpoint(builder.Port(Topology.SandboxOffset))
            .WithHttpsEndpoint(builder.Port(Topology.StripeSandboxOffset), name: Stripe)
            .WithEndpoint(builder.Port(Topology.MailRelayOffset), scheme: "smtps", name: Mail)
            .WithHttpHealthCheck("/health")
            .OnBeforeResourceStarted((_, _, stop) => WriteRunFileAsync(builder, stop))
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("DOTNET_ENVIRONMENT", "Development")
            .WithEnvironment("Clock__File", LocalFolder.PathOf("clock"))
            .WithHttpsCertificateConfiguration(context =>
            {
                context.EnvironmentVariables["Kestrel__Certificates__Default__Path"] = context.CertificatePath;
                context.EnvironmentVariables["Kestrel__Certificates__Default__KeyPath"] = context.KeyPath;
                return Task.CompletedTask;
            });
        return sandbox
            .WithUrl($"{sandbox.Endpoint()}/phone", "Phone")
            .WithUrl($"{sandbox.Endpoint()}/mail", "Mail")
            .WithoutContentCapture();
    }

    /// <summary>What it is told of itself. Its number is nobody's: each clone has the same.</summary>
    public static SandboxValues<object> Values(this IResourceBuilder<ProjectResource> sandbox) =>
        new()
        {
            MailPort = sandbox.GetEndpoint(Mail).Property(EndpointProperty.TargetPort),
            // The port that callers name, not the one behind Aspire's proxy: it tells Stripe's calls from the others.
            StripePort = sandbox.GetEndpoint(Stripe).Property(EndpointProperty.Port),
            RunFile = LocalFolder.PathOf("run.json"),
            PhoneNumberId = "100000000000001",
            WabaId = "200000000000001",
            DisplayPhoneNumber = "+90 850 0000001",
            AccessToken = "sandbox",
            VerifiedName = "WpAsis Demo",
        };

    // The sandbox moves the clock of every process that this file names.
    private static Task WriteRunFileAsync(IDistributedApplicationBuilder builder, CancellationToken stop)
    {
        var services = Topology.Services.ToDictionary(
            service => service.Name,
            service => new
            {
                url = ServiceResources.LocalUrl(builder.Port(service.PortOffset)),
                management = ServiceResources.LocalUrl(builder.Port(service.PortOffset + Topology.ManagementOffset)),
            },
            StringComparer.Ordinal
        );
        Directory.CreateDirectory(LocalFolder.PathOf());
        return File.WriteAllTextAsync(LocalFolder.PathOf("run.json"), JsonSerializer.Serialize(new { services }), stop);
    }
}
