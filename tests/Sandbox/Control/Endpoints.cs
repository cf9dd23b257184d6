namespace WpAsis.Sandbox.Control;

/// <summary>What tests and scripts steer and read; the clock, the faults, the mail and the models map their own part of it.</summary>
internal static class Endpoints
{
    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_sandbox");
        control.MapReadGraph();
        control.MapRegisterNumber();
        control.MapReceiveInbound();
        control.MapPostWebhook();
        control.MapReset();
    }
}
