namespace WpAsis.Sandbox.Faults;

internal static class Endpoints
{
    public static void AddFaults(this IServiceCollection services) => services.AddSingleton<FaultList>();

    public static void MapFaults(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/_sandbox/faults",
            (Fault fault, FaultList faults) =>
                faults.Add(fault) is { } problem ? Results.Problem(problem, statusCode: 400) : Results.Json(fault, statusCode: 201)
        );
        routes.MapGet("/_sandbox/faults", (FaultList faults) => new { items = faults.All() });
        routes.MapDelete(
            "/_sandbox/faults",
            (FaultList faults) =>
            {
                faults.Clear();
                return Results.NoContent();
            }
        );
    }
}
