using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace WpAsis.AppHost.Tests;

/// <summary>What AppHost describes, built once each way and never started.</summary>
internal sealed class Model
{
    private static readonly Lazy<Task<Model>> Running = new(() => BuildAsync([]));
    private static readonly Lazy<Task<Model>> Published = new(() => BuildAsync(["--operation", "publish", "--step", "publish"]));
    private readonly DistributedApplication _application;

    public Model(DistributedApplication application) => _application = application;

    public IReadOnlyList<IResource> Resources => [.. _application.Services.GetRequiredService<DistributedApplicationModel>().Resources];

    public IEnumerable<ProjectResource> Projects => Resources.OfType<ProjectResource>();

    /// <summary>As a developer runs it.</summary>
    public static Task<Model> RunAsync() => Running.Value;

    /// <summary>As a deployment is written from it.</summary>
    public static Task<Model> PublishAsync() => Published.Value;

    public static async Task<Model> BuildAsync(string[] arguments)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(arguments);
        return new Model(await builder.BuildAsync());
    }

    public IResource Find(string name) => Resources.Single(resource => resource.Name == name);

    /// <summary>Variables of a resource: texts as they are, everything else as the expression that Aspire resolves later.</summary>
    public async Task<Dictionary<string, string>> EnvironmentOfAsync(string name) =>
        (await ValuesOfAsync(name)).ToDictionary(
            variable => variable.Key,
            variable => variable.Value is IManifestExpressionProvider expression ? expression.ValueExpression : $"{variable.Value}",
            StringComparer.Ordinal
        );

    /// <summary>Variables of a resource as Aspire holds them.</summary>
    public async Task<Dictionary<string, object>> ValuesOfAsync(string name)
    {
        var resource = Find(name);
        var execution = _application.Services.GetRequiredService<DistributedApplicationExecutionContext>();
        var context = new EnvironmentCallbackContext(execution, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }
}
