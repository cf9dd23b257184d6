using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Models;

namespace WpAsis.AiResponder.Tests.ChatModels;

/// <summary>The sandbox's model endpoint by itself, as both providers offer theirs.</summary>
internal sealed class SandboxModels : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SandboxModels(WebApplication app) => _app = app;

    public IReadOnlyList<RecordedRequest> Requests => _app.Services.GetRequiredService<RecordedRequests>().After(0, 1_000);

    public FaultList Faults => _app.Services.GetRequiredService<FaultList>();

    public static async Task<SandboxModels> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddFaults();
        builder.Services.AddModels();
        var app = builder.Build();
        app.MapModels();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SandboxModels(app);
    }

    /// <summary>Where a provider's client is pointed at.</summary>
    public Uri EndpointOf(string provider) => new(_app.Urls.Single() + (provider == "openai" ? "/openai/v1" : ""));

    public void Script(string target, object answer) =>
        _app
            .Services.GetRequiredService<Scripts>()
            .Add(new Script { Target = target, Answer = JsonSerializer.SerializeToElement(answer) })
            .ShouldBeNull();

    public void Strike(Fault fault) => Faults.Add(fault).ShouldBeNull();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
