using WpAsis.ServiceDefaults.Operators;

namespace WpAsis.MessagingGateway.Operators;

/// <summary>What operators do to the gateway, beside what they do to every service.</summary>
internal static class OperatorsFeature
{
    public static void AddOperators(this WebApplicationBuilder builder) => builder.Services.AddSingleton<PauseChannel>();

    public static void MapOperators(this IEndpointRouteBuilder routes)
    {
        var operators = routes.MapOperatorGroup();
        operators.MapListQuarantine();
        operators.MapReplayQuarantine();
        operators.MapPauseChannel();
        operators.MapResumeChannel();
    }
}
