interface External_getWeatherInput {
  city: string
}

declare function external_getWeather(input: External_getWeatherInput): Promise<{ degrees: number }>
