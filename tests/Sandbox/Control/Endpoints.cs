using Microsoft.AspNetCore.Mvc;

namespace WpAsis.Sandbox.Control;

/// <summary>What tests and scripts steer and read; the clock, the faults, the mail and the models map their own part of it.</summary>
internal static class Endpoints
{
    // Larger than anything the gateway accepts: a test must be able to post too much.
    private const int LargestBody = 32 * 1024 * 1024;

    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_sandbox").WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        control.MapReadGraph();
        control.MapRegisterNumber();
        control.MapReceiveInbound();
        control.MapPostWebhook();
        control.MapReset();
        control.MapSignInAs();
    }
}
