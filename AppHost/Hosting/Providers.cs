namespace WpAsis.AppHost.Hosting;

/// <summary>Values of the topology's parameters: the operator's, or the sandbox's.</summary>
internal sealed class Providers
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    private Providers() { }

    /// <summary>Value of a parameter.</summary>
    public object this[Parameter parameter] => _values[parameter.Name];

    /// <summary>What the operator supplies. OpenAI is a resource of its own; Azure OpenAI is told by its address.</summary>
    public static Providers OfOperator(IDistributedApplicationBuilder builder)
    {
        var usesOpenAI = Configured(builder, Parameters.ModelProvider) is null or "openai";
        Parameter[] ofOpenAI = [Parameters.ModelProvider, Parameters.ModelEndpoint];
        var providers = new Providers();
        foreach (var parameter in Topology.Services.SelectMany(service => service.Parameters).Distinct())
        {
            if (!usesOpenAI || !ofOpenAI.Contains(parameter))
                providers._values[parameter.Name] = Add(builder, parameter).Resource;
        }
        if (usesOpenAI)
            providers.AddOpenAI(builder, Configured(builder, Parameters.ModelEndpoint));
        return providers;
    }

    /// <summary>Everything points at the sandbox; its secrets are made up.</summary>
    public static Providers OfSandbox(
        IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> sandbox,
        GeneratedSecrets secrets
    )
    {
        var providers = new Providers();
        var values = providers._values;
        var stripe = Secret(Parameters.StripeKey);
        var signing = Secret(Parameters.StripeWebhookSecret);
        values[Parameters.WhatsAppAppSecret.Name] = Secret(Parameters.WhatsAppAppSecret);
        values[Parameters.WhatsAppVerifyToken.Name] = Secret(Parameters.WhatsAppVerifyToken);
        values[Parameters.WhatsAppGraphUrl.Name] = ReferenceExpression.Create($"{sandbox.Endpoint()}/graph/v26.0");
        values[Parameters.ModelKey.Name] = Secret(Parameters.ModelKey);
        values[Parameters.ModelName.Name] = "gpt-5-mini";
        values[Parameters.StripeKey.Name] = ReferenceExpression.Create($"sk_test_{stripe}");
        values[Parameters.StripeWebhookSecret.Name] = ReferenceExpression.Create($"whsec_{signing}");
        values[Parameters.StripeUrl.Name] = sandbox.GetEndpoint(SandboxResource.Stripe);
        values[Parameters.MailHost.Name] = "localhost";
        values[Parameters.MailPort.Name] = sandbox.GetEndpoint(SandboxResource.Mail).Property(EndpointProperty.Port);
        values[Parameters.MailUser.Name] = "sandbox";
        values[Parameters.MailPassword.Name] = Secret(Parameters.MailPassword);
        providers.AddOpenAI(builder, ServiceResources.LocalUrl(builder.Port(Topology.SandboxOffset)) + "/openai/v1");
        return providers;

        ParameterResource Secret(Parameter parameter) => secrets.Get(parameter.Name, parameter.Description);
    }

    private static IResourceBuilder<ParameterResource> Add(IDistributedApplicationBuilder builder, Parameter parameter) =>
        builder.AddParameter(parameter.Name, parameter.Secret).WithDescription(parameter.Description);

    private static string? Configured(IDistributedApplicationBuilder builder, Parameter parameter) =>
        builder.Configuration[$"Parameters:{parameter.Name}"] ?? builder.Configuration[$"Parameters:{parameter.Name.Replace('-', '_')}"];

    private void AddOpenAI(IDistributedApplicationBuilder builder, string? endpoint)
    {
        var key = builder.CreateResourceBuilder((ParameterResource)_values[Parameters.ModelKey.Name]);
        var openai = builder.AddOpenAI("openai").WithApiKey(key);
        if (endpoint is not null)
            openai.WithEndpoint(endpoint);
        _values[Parameters.ModelProvider.Name] = "openai";
        _values[Parameters.ModelEndpoint.Name] = openai.Resource.UriExpression;
    }
}
