const weather = await external_getWeather({ town: 'Rome' })
return weather.degrees
