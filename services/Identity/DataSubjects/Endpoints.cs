using MassTransit;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.Identity.DataSubjects;

/// <summary>What identity does about a person who asks.</summary>
internal static class DataSubjectsFeature
{
    public const string Service = "identity";

    public static void AddDataSubjects(this WebApplicationBuilder builder) => builder.Services.AddSingleton<CloseBusiness>();

    public static void AddDataSubjects(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<EraseSubjectConsumer>();
        bus.AddConsumer<RectifySubjectConsumer>();
    }

    public static void MapDataSubjects(this IEndpointRouteBuilder routes)
    {
        routes.MapReceiptKey();
        routes.MapLocateSubject();
        routes.MapExportSubject();
        routes.MapRectifySubject();
    }
}
